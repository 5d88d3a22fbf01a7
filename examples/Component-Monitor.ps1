<#
.SYNOPSIS
Component script (monitor): alerts when the warranty of the device that it runs on ends soon.

.DESCRIPTION
Attach to the component the zip of the module, and paste this script. Set these variables:

  DRMM_API_PLATFORM  of the account: the platform's name, such as pinotage (or DRMM_API_URL)
  DRMM_API_KEY       of the account: the API key
  DRMM_API_SECRET    of the account, masked: the secret key
  ModuleSha256       of the component: the SHA-256 of the zip, as SHA256SUMS has it
  WarrantyDays       of the component: alert so many days before the end; 30 if it is not set
  AlertOnUnknown     of the component: true makes it an alert, too, that the API gave no answer

A monitor has about 3 seconds. The check runs beside the script, which ends after -TimeoutMs whatever the check does. It
sends one request; still, run it once a day rather than every minute: all devices share the account's quota.

Exit codes: 0 no alert, 1 alert.

.EXAMPLE
./Component-Monitor.ps1 -Url http://127.0.0.1:8080

Tries the script on a simulator.
#>
#Requires -Version 5.1
[CmdletBinding()]
param(
    # How long the check may take, in milliseconds. Starting PowerShell takes up to a second of the three.
    [ValidateRange(100, 600000)]
    [int] $TimeoutMs = 1800,

    # The API's URL, to try the script on a simulator. Without it DRMM_API_PLATFORM or DRMM_API_URL says where.
    [string] $Url = ''
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

# Imports the module from the zip that is attached to the component, if its hash is the expected one. What this platform
# needs is expanded once, beside the script, and compared with the zip each time.
function Import-AttachedModule([string] $Sha256, [string] $Folder = $PSScriptRoot) {
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
        $windows = $PSVersionTable.PSVersion.Major -lt 6 -or $IsWindows
        $system = if ($windows) { 'win' } elseif ($IsMacOS) { 'osx' } else { 'linux' }
        $platform = "$system-$([Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture)".ToLowerInvariant()
        $entries = @($archive.Entries | Where-Object {
                $_.Name -and ($_.FullName -notmatch '/(win|osx|linux)-\w+/' -or $_.FullName -match "/$platform/") })
        $target = Join-Path $Folder "DattoRMM.$($hash.Substring(0, 16)).$platform"

        # What runs that were ended have left. Another run may be removing it, too.
        Get-ChildItem -LiteralPath $Folder -Directory -Filter "$(Split-Path $target -Leaf).*" |
            Where-Object LastWriteTimeUtc -LT ([datetime]::UtcNow.AddHours(-1)) |
            Remove-Item -Recurse -Force -ErrorAction Ignore
        if (-not (Test-Path -LiteralPath $target)) {
            # Under its name only when it is whole: the script may be ended, or run twice at a time.
            $part = "$target.$([guid]::NewGuid().ToString('N'))"
            foreach ($entry in $entries) {
                $file = Join-Path $part $entry.FullName
                [void] [IO.Directory]::CreateDirectory((Split-Path $file))
                [IO.Compression.ZipFileExtensions]::ExtractToFile($entry, $file)
            }
            try {
                [IO.Directory]::Move($part, $target)
            }
            catch [IO.IOException] {
                Remove-Item -LiteralPath $part -Recurse -Force
                # That another run was first is no fault.
                if (-not (Test-Path -LiteralPath $target)) {
                    throw
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

# Writes what a monitor has to write, and ends with its exit code.
function Complete-Monitor([string] $Status, [int] $ExitCode, [string[]] $Diagnostic = @()) {
    [Console]::Out.WriteLine('<-Start Result->')
    [Console]::Out.WriteLine("Status=$Status")
    [Console]::Out.WriteLine('<-End Result->')
    if ($Diagnostic) {
        [Console]::Out.WriteLine('<-Start Diagnostic->')
        $Diagnostic | ForEach-Object { [Console]::Out.WriteLine($_) }
        [Console]::Out.WriteLine('<-End Diagnostic->')
    }
    [Console]::Out.Flush()
    # Without waiting for a check that is still on its way.
    [Environment]::Exit($ExitCode)
}

function Complete-Unknown([string] $Why) {
    Complete-Monitor 'UNKNOWN: no answer' ([int] ($env:AlertOnUnknown -eq 'true')) $Why
}

# Gives the devices of this name. It runs in a runspace of its own, so all that it needs is passed to it.
$check = {
    param($import, $folder, $sha256, $url)
    $ErrorActionPreference = 'Stop'
    $ProgressPreference = 'SilentlyContinue'
    & ([scriptblock]::Create($import)) -Sha256 $sha256 -Folder $folder
    $connection = @{}
    if ($url) {
        $connection.Url = $url
    }
    Connect-DrmmApi @connection
    Get-DrmmDevice -Hostname $env:COMPUTERNAME -Property hostname, siteUid, warrantyDate
    Disconnect-DrmmApi
}

try {
    $days = if ($env:WarrantyDays) { [int] $env:WarrantyDays } else { 30 }
    $run = [powershell]::Create()
    [void] $run.AddScript($check).AddArgument(${function:Import-AttachedModule}.ToString()).AddArgument($PSScriptRoot)
    [void] $run.AddArgument("$env:ModuleSha256".Trim()).AddArgument($Url)
    $pending = $run.BeginInvoke()
    if (-not $pending.AsyncWaitHandle.WaitOne($TimeoutMs)) {
        Complete-Unknown "The check had not ended after $TimeoutMs ms."
    }
    $device = @($run.EndInvoke($pending) |
        Where-Object { $_.hostname -eq $env:COMPUTERNAME -and $_.siteUid -eq $env:CS_PROFILE_UID })
    if ($device.Count -ne 1) {
        Complete-Unknown "$($device.Count) devices of this site are named $env:COMPUTERNAME; one was expected."
    }
    if (-not $device[0].warrantyDate) {
        Complete-Monitor 'OK: no warranty date is known' 0
    }
    $end = [datetime]::ParseExact($device[0].warrantyDate, 'yyyy-MM-dd', [Globalization.CultureInfo]::InvariantCulture)
    $left = ($end - [datetime]::Today).Days
    if ($left -gt $days) {
        Complete-Monitor "OK: warranty until $($device[0].warrantyDate)" 0
    }
    Complete-Monitor "ALERT: warranty until $($device[0].warrantyDate)" 1 "Days left: $left. Alert from: $days."
}
catch {
    $fault = $_.Exception
    while ($fault.InnerException) {
        $fault = $fault.InnerException
    }
    Complete-Unknown $fault.Message
}
