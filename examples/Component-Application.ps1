<#
.SYNOPSIS
Component script (application): writes a value into a user-defined field of the device that it runs on.

.DESCRIPTION
Attach to the component the zip of the module, and paste this script. Set these variables:

  DRMM_API_PLATFORM  of the account: the platform's name, such as pinotage (or DRMM_API_URL)
  DRMM_API_KEY       of the account: the API key
  DRMM_API_SECRET    of the account, masked: the secret key
  ModuleSha256       of the component: the SHA-256 of the zip, as SHA256SUMS has it
  UdfNumber          of the component: the number of the field, 1 to 300

The agent hands all of them over in the environment, so that nothing secret is in a command line. The script runs in
Windows PowerShell 5.1, 32-bit or 64-bit, with .NET Framework 4.7.2, and in PowerShell 7.4 or later.

Exit codes: 0 done, 1 failed (what failed is in StdErr).

.EXAMPLE
./Component-Application.ps1 -Url http://127.0.0.1:8080

Tries the script on a simulator.
#>
#Requires -Version 5.1
[CmdletBinding()]
param(
    # The API's URL, to try the script on a simulator. Without it DRMM_API_PLATFORM or DRMM_API_URL says where.
    [string] $Url = ''
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

# Imports the module from the zip that is attached to the component, if its hash is the expected one. What this platform
# needs is expanded once, beside the script, and compared with the zip each time.
function Import-AttachedModule {
    param([string] $Sha256, [string] $Folder = $PSScriptRoot, [string] $Edition = $PSVersionTable.PSEdition)

    if ($Edition -eq 'Desktop') {
        # A bare Windows Server 2016 has an older one. The number is what 4.7.2 writes here, the same in a 32-bit host.
        $key = 'HKLM:\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full'
        if ((Get-ItemProperty -LiteralPath $key -Name Release).Release -lt 461808) {
            throw 'The module needs .NET Framework 4.7.2 or later, which is not installed here. Nothing was imported.'
        }
    }
    $zips = @(Get-ChildItem -LiteralPath $Folder -Filter 'DattoRMM*.zip')
    if ($zips.Count -ne 1) {
        throw "$($zips.Count) files DattoRMM*.zip are in ${Folder}; one has to be attached to the component."
    }
    Add-Type -AssemblyName System.IO.Compression, System.IO.Compression.FileSystem
    # Open until the module is imported: Windows lets nobody change a file between the look at it and its use.
    $open = [Collections.Generic.List[IDisposable]]::new()
    try {
        $zip = [IO.File]::OpenRead($zips[0].FullName)
        $open.Add($zip)
        $hash = (Get-FileHash -InputStream $zip -Algorithm SHA256).Hash
        if ($hash -ne $Sha256) {
            throw "$($zips[0].Name) has the SHA-256 $hash, which is not the one in ModuleSha256. Nothing was imported."
        }
        $zip.Position = 0
        $archive = [IO.Compression.ZipArchive]::new($zip)
        $open.Add($archive)

        # The files without the libraries of other platforms. 32-bit and 64-bit hosts have a folder each.
        $windows = $Edition -eq 'Desktop' -or $IsWindows
        $system = if ($windows) { 'win' } elseif ($IsMacOS) { 'osx' } else { 'linux' }
        $platform = "$system-$([Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture)".ToLowerInvariant()
        $entries = @($archive.Entries | Where-Object {
                $_.Name -and ($_.FullName -notmatch '/(win|osx|linux)-\w+/' -or $_.FullName -match "/$platform/") })
        $target = Join-Path $Folder "DattoRMM.$($hash.Substring(0, 16)).$platform"

        # What runs that were ended have left. Another run may be removing it, too. (A filter of Get-ChildItem would
        # take the folder without more behind its name, as well.)
        $name = Split-Path $target -Leaf
        $hour = [datetime]::UtcNow.AddHours(-1)
        Get-ChildItem -LiteralPath $Folder -Directory |
            Where-Object { $_.Name -like "$name.*" -and $_.LastWriteTimeUtc -lt $hour } |
            Remove-Item -Recurse -Force -ErrorAction Ignore
        if (-not (Test-Path -LiteralPath $target)) {
            # Under its name only when it is whole: the script may be ended, or run twice at a time.
            $part = "$target.$([guid]::NewGuid().ToString('N'))"
            foreach ($entry in $entries) {
                $file = Join-Path $part $entry.FullName
                [void] [IO.Directory]::CreateDirectory((Split-Path $file))
                [IO.Compression.ZipFileExtensions]::ExtractToFile($entry, $file)
            }
            for ($try = 1; $true; $try++) {
                try {
                    [IO.Directory]::Move($part, $target)
                    break
                }
                catch [IO.IOException] {
                    $isThere = Test-Path -LiteralPath $target
                    if ($isThere -or $try -eq 10) {
                        # What somebody still reads is left, and removed as above when it is old.
                        Remove-Item -LiteralPath $part -Recurse -Force -ErrorAction Ignore
                        # That another run was first is no fault.
                        if ($isThere) { break }
                        throw
                    }
                    # A virus scanner may still read what was just written.
                    Start-Sleep -Milliseconds 50
                }
            }
        }

        # Somebody else may have made the folder, or changed it.
        $differs = "$target is not what the zip holds. Nothing was imported. Find out who changed it, and remove it."
        if ([IO.Directory]::GetFiles($target, '*', 'AllDirectories').Count -ne $entries.Count) {
            throw $differs
        }
        foreach ($entry in $entries) {
            $file = Join-Path $target $entry.FullName
            if (-not [IO.File]::Exists($file)) {
                throw $differs
            }
            $copy = [IO.File]::OpenRead($file)
            $open.Add($copy)
            $packed = $entry.Open()
            $open.Add($packed)
            $hashes = $copy, $packed | ForEach-Object { (Get-FileHash -InputStream $_ -Algorithm SHA256).Hash }
            if ($hashes[0] -ne $hashes[1]) {
                throw $differs
            }
        }
        $manifest = @($entries | Where-Object Name -EQ 'DattoRMM.psd1')[0].FullName
        Import-Module (Join-Path $target $manifest)
    }
    finally {
        $open.Reverse()
        $open | ForEach-Object { $_.Dispose() }
    }
}

# The value to write. Put your own work here; it has 30 minutes.
function Get-Value {
    $bits = if ([Environment]::Is64BitProcess) { 64 } else { 32 }
    "PowerShell $($PSVersionTable.PSVersion), $bits-bit"
}

try {
    $field = "$env:UdfNumber".Trim()
    if ($field -notmatch '^([1-9]\d?|[12]\d\d|300)$') {
        throw 'The variable UdfNumber of the component has to be the number of a field, 1 to 300.'
    }
    # Only Windows has the variable.
    $name = if ($env:COMPUTERNAME) { $env:COMPUTERNAME } else { [Environment]::MachineName }
    Import-AttachedModule -Sha256 "$env:ModuleSha256".Trim()
    $connection = @{}
    if ($Url) {
        $connection.Url = $Url
    }
    # Key and secret come from the environment.
    Connect-DrmmApi @connection
    try {
        # The service finds names that hold this one; the device is the one of this name and this site.
        $device = @(Get-DrmmDevice -Hostname $name |
            Where-Object { $_.hostname -eq $name -and $_.siteUid -eq $env:CS_PROFILE_UID })
        if ($device.Count -ne 1) {
            throw "$($device.Count) devices of this site are named $name; one was expected."
        }
        Set-DrmmDeviceUdf -DeviceUid $device[0].uid -Udf @{ $field = Get-Value }
    }
    finally {
        Disconnect-DrmmApi
    }
    "Field $field of $($device[0].hostname) is set."
    exit 0
}
catch {
    [Console]::Error.WriteLine($_.Exception.Message)
    exit 1
}
