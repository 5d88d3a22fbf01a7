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
  AlertOnUnknown     of the component: true makes it an alert, too, that the API gave no answer; false if it is not set

A monitor has about 3 seconds. The check runs beside the script, which ends it -DeadlineMs after this PowerShell was
started. What is left of the 3 seconds is for the end of the process, and for starting PowerShell that does not show
in its age. The check sends one request beside its login; still, run it once a day rather than every minute: all devices
share the account's quota.

Exit codes: 0 no alert, 1 alert. The result says which:

  Status=OK       the warranty lasts, or no date is known; 0
  Status=ALERT    it ends soon; 1
  Status=UNKNOWN  the check took too long, or the API could not be reached, was overloaded, or its quota was spent; 0,
                  or 1 where AlertOnUnknown is true
  Status=ERROR    what does not mend itself: a variable, the zip, the key, the device's name; 1

.EXAMPLE
powershell -NoProfile -File Component-Monitor.ps1 -Url http://127.0.0.1:8080

Tries the script on a simulator, in a process of its own, as the agent does: it ends the process that it runs in, and
where that has been open for a while the time is over.
#>
#Requires -Version 5.1
[CmdletBinding()]
param(
    # When the check is ended, in milliseconds from the start of the process that this script runs in.
    [ValidateRange(100, 600000)]
    [int] $DeadlineMs = 2600,

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

# Writes what a monitor has to write, and ends with its exit code.
function Complete-Monitor([string] $Status, [int] $ExitCode, [string] $Diagnostic = '') {
    [Console]::Out.WriteLine('<-Start Result->')
    # The agent takes one line.
    [Console]::Out.WriteLine('Status=' + ($Status -replace '[\s\x00-\x1F]+', ' ').Trim())
    [Console]::Out.WriteLine('<-End Result->')
    if ($Diagnostic) {
        [Console]::Out.WriteLine('<-Start Diagnostic->')
        [Console]::Out.WriteLine($Diagnostic)
        [Console]::Out.WriteLine('<-End Diagnostic->')
    }
    [Console]::Out.Flush()
    # Without waiting for a check that is still on its way.
    [Environment]::Exit($ExitCode)
}

# For what mends itself.
function Complete-Unknown([string] $Why) {
    Complete-Monitor "UNKNOWN: $Why" ([int] ($env:AlertOnUnknown -eq 'true'))
}

# How much of the time is left. It began when this process did, before the script.
function Get-Remaining {
    $age = [datetime]::UtcNow - [Diagnostics.Process]::GetCurrentProcess().StartTime.ToUniversalTime()
    # A clock that is set back meanwhile makes it no longer.
    [int] [Math]::Max(0, [Math]::Min($DeadlineMs, $DeadlineMs - $age.TotalMilliseconds))
}

# Gives the devices of this name, or the error that kept it from doing so. It runs in a runspace of its own, so all that
# it needs is passed to it.
$check = {
    param($import, $folder, $sha256, $url, $name)
    $ErrorActionPreference = 'Stop'
    $ProgressPreference = 'SilentlyContinue'
    try {
        & ([scriptblock]::Create($import)) -Sha256 $sha256 -Folder $folder
        $connection = @{}
        if ($url) {
            $connection.Url = $url
        }
        Connect-DrmmApi @connection
        Get-DrmmDevice -Hostname $name -Property hostname, siteUid, warrantyDate
        Disconnect-DrmmApi
    }
    catch {
        $_
    }
}

try {
    $days = 30
    if ($env:WarrantyDays -and -not [int]::TryParse($env:WarrantyDays, [ref] $days)) {
        throw 'The variable WarrantyDays of the component has to be a whole number.'
    }
    if ($env:AlertOnUnknown -and $env:AlertOnUnknown -notin 'true', 'false') {
        throw 'The variable AlertOnUnknown of the component has to be true or false.'
    }
    # Only Windows has the variable.
    $name = if ($env:COMPUTERNAME) { $env:COMPUTERNAME } else { [Environment]::MachineName }
    $run = [powershell]::Create()
    [void] $run.AddScript($check).AddArgument(${function:Import-AttachedModule}.ToString()).AddArgument($PSScriptRoot)
    [void] $run.AddArgument("$env:ModuleSha256".Trim()).AddArgument($Url).AddArgument($name)
    $pending = $run.BeginInvoke()
    if (-not $pending.AsyncWaitHandle.WaitOne((Get-Remaining))) {
        Complete-Unknown "the check had not ended $DeadlineMs ms after the start of PowerShell"
    }
    $answer = @($run.EndInvoke($pending))
    $fault = @($answer | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
    if ($fault) {
        $why = $fault[0].Exception.Message
        # Those of a network, an API or a quota that will be better later; docs/quota.md of the module has more on them.
        $passing = 'DrmmConnection', 'DrmmTimeout', 'DrmmServer', 'DrmmRateLimited', 'DrmmBlocked'
        if (($fault[0].FullyQualifiedErrorId -split ',')[0] -in $passing) {
            Complete-Unknown $why
        }
        throw $why
    }
    $device = @($answer | Where-Object { $_.hostname -eq $name -and $_.siteUid -eq $env:CS_PROFILE_UID })
    if ($device.Count -ne 1) {
        throw "$($device.Count) devices of this site are named $name; one was expected."
    }
    $date = $device[0].warrantyDate
    if (-not $date) {
        Complete-Monitor 'OK: no warranty date is known' 0
    }
    $end = [datetime]::MinValue
    if (-not [datetime]::TryParseExact($date, 'yyyy-MM-dd', [cultureinfo]::InvariantCulture, 'None', [ref] $end)) {
        throw "The device's warranty date is not a day such as 2031-05-31."
    }
    $left = ($end - [datetime]::Today).Days
    if ($left -gt $days) {
        Complete-Monitor "OK: warranty until $date" 0
    }
    Complete-Monitor "ALERT: warranty until $date" 1 "Days left: $left. Alert from: $days."
}
catch {
    Complete-Monitor "ERROR: $($_.Exception.Message)" 1
}
