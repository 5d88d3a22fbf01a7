<#
.SYNOPSIS
Sends each open alert once to a webhook, such as that of a chat or of a ticket system.

.DESCRIPTION
Run it every few minutes. A file remembers which alerts have been sent; those that are no longer open are forgotten.
Runs with other priorities may share it. An alert whose sending fails is tried again the next time, behind all others.
After three failures in a row the webhook is left alone until then, unless it was the alert that it did not take (400,
413, 422 and their like). While one run is at it, another one ends with a warning (the file <StatePath>.lock tells them
apart).

The first run would send every alert that is open: begin with -SkipExisting, which only remembers them.

A webhook's URL is a secret: whoever knows it can write there. It is read from the environment variable
DRMM_WEBHOOK_URL. Nothing that this script writes has it in it: no output, warning, error, verbose or debug line, nor
the file. What failed requests leave in $Error is removed, since it holds the URL.

Exit codes: 0 all sent, or another run is at it; 2 some could not be sent; 1 (an error) no connection, or no file.

.EXAMPLE
./Send-AlertToWebhook.ps1 -StatePath sent.txt -SkipExisting

Remembers what is open now, without sending it.

.EXAMPLE
./Send-AlertToWebhook.ps1 -StatePath sent.txt -Priority Critical, High
#>
#Requires -Version 5.1
[CmdletBinding(SupportsShouldProcess)]
param(
    # The file that remembers what was sent.
    [Parameter(Mandatory)]
    [string] $StatePath,

    # The priorities to send.
    [ValidateSet('Critical', 'High', 'Moderate', 'Low', 'Information')]
    [string[]] $Priority = @('Critical', 'High'),

    # Remembers the alerts that are open, of all priorities, as if they had been sent.
    [switch] $SkipExisting,

    # The platform's name; without it the environment says where.
    [string] $Platform = '',

    # The API's URL in place of a platform's name, such as a simulator's.
    [string] $Url = '',

    # API key and secret key as user name and password; without it the environment has them.
    [pscredential] $Credential
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$hook = $null
$isUrl = [uri]::TryCreate("$env:DRMM_WEBHOOK_URL", [UriKind]::Absolute, [ref] $hook)
if (-not $isUrl -or $hook.Scheme -notin 'https', 'http') {
    throw 'DRMM_WEBHOOK_URL has to be set to the URL of the webhook.'
}
# Windows PowerShell on older systems offers TLS 1.0 only; 0 leaves the choice to newer ones.
if ([int] [Net.ServicePointManager]::SecurityProtocol) {
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor 3072
}
$state = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($StatePath)

# The value of a field, and null where the alert does not have it.
function Get-Field($From, [string] $Name) {
    if ($null -ne $From -and $From.PSObject.Properties[$Name]) {
        return $From.$Name
    }
    $null
}

function Get-Body($Alert) {
    $source = Get-Field $Alert alertSourceInfo
    $site = Get-Field $source siteName
    $device = Get-Field $source deviceName
    $priority = Get-Field $Alert priority
    $time = $null
    if (Get-Field $Alert timestamp) {
        $time = $Alert.GetTime('timestamp').ToUniversalTime().ToString('o')
    }
    @{
        text = "${priority}: $site, ${device}: $($Alert.GetMessage())"
        alertUid = $Alert.alertUid
        priority = $priority
        site = $site
        device = $device
        time = $time
    } | ConvertTo-Json -Compress
}

# The status that a failed request was answered with, and 0 where there was no answer.
function Get-Status($Fault) {
    $response = Get-Field $Fault Response
    if ($null -eq $response) { 0 } else { [int] $response.StatusCode }
}

# Replaces the file as a whole, so that a run which is ended loses nothing.
function Save-State([string[]] $Line) {
    [IO.File]::WriteAllLines("$state.part", $Line)
    if ([IO.File]::Exists($state)) {
        [IO.File]::Replace("$state.part", $state, [NullString]::Value)
    }
    else {
        [IO.File]::Move("$state.part", $state)
    }
}

# Two runs at a time would send alerts twice. A dry run writes nothing, this file neither.
$lock = $null
if (-not $WhatIfPreference) {
    try {
        $lock = [IO.FileStream]::new("$state.lock", 'OpenOrCreate', 'ReadWrite', 'None')
    }
    catch [IO.IOException] {
        # In use: two numbers of Windows, those of Linux and macOS.
        if (($_.Exception.GetBaseException().HResult -band 0xFFFF) -notin 32, 33, 11, 35) {
            throw
        }
        Write-Warning 'Another run is sending alerts; this one has done nothing.'
        exit 0
    }
}

try {
    Import-Module DattoRMM
    $connection = @{}
    foreach ($name in 'Platform', 'Url', 'Credential') {
        if ($PSBoundParameters[$name]) {
            $connection[$name] = $PSBoundParameters[$name]
        }
    }
    Connect-DrmmApi @connection
    try {
        $open = @(Get-DrmmAlert -Status Open)
    }
    finally {
        Disconnect-DrmmApi
    }

    # A line is the uid of an alert that was sent, or the uid and a word of one that could not be. Of those, the one
    # that was tried last comes last.
    $sent = @{}
    $failed = [Collections.Generic.List[string]]::new()
    if ([IO.File]::Exists($state)) {
        foreach ($line in [IO.File]::ReadAllLines($state)) {
            $uid, $mark = $line -split ' '
            if ($mark) { $failed.Add($uid) } else { $sent[$uid] = $true }
        }
    }
    $chosen = @($open | Where-Object { (Get-Field $_ priority) -in $Priority })
    $due = @($chosen | Where-Object { -not $SkipExisting -and -not $sent.ContainsKey($_.alertUid) })
    $due = @($due | Where-Object { -not $failed.Contains($_.alertUid) }) +
        @($due | Where-Object { $failed.Contains($_.alertUid) } | Sort-Object { $failed.IndexOf($_.alertUid) })
    $failures = 0
    $new = 0
    # Requests in a row that the webhook did not take, whichever alert they were about.
    $refused = 0
    foreach ($alert in $due) {
        $uid = $alert.alertUid
        if ($refused -ge 3) {
            $failures++
            continue
        }
        if (-not $PSCmdlet.ShouldProcess("alert $uid", 'Send to the webhook')) {
            continue
        }
        $asked = $false
        $before = if ($global:Error.Count) { $global:Error[0] }
        try {
            $request = @{
                Uri = $hook
                Method = 'Post'
                ContentType = 'application/json; charset=utf-8'
                # Windows PowerShell would send a text in Latin-1.
                Body = [Text.Encoding]::UTF8.GetBytes((Get-Body $alert))
                TimeoutSec = 20
                UseBasicParsing = $true
                # These streams would hold the URL.
                Verbose = $false
                Debug = $false
            }
            $asked = $true
            [void] (Invoke-RestMethod @request)
        }
        catch {
            while ($global:Error.Count -and -not [object]::ReferenceEquals($global:Error[0], $before)) {
                $global:Error.RemoveAt(0)
            }
            $failures++
            [void] $failed.Remove($uid)
            $failed.Add($uid)
            $status = Get-Status $_.Exception
            $why = if ($status) { "status $status" } else { $_.Exception.GetType().Name }
            Write-Warning "Alert $uid was not sent ($why); it is tried again the next time."
            # Others of 400 and more are about the alert, and the next one may be taken.
            $hooks = $status -lt 400 -or $status -ge 500 -or $status -in 401, 403, 404, 405, 407, 408, 410, 429
            if ($asked -and $hooks) {
                $refused++
                if ($refused -eq 3) {
                    Write-Warning 'Three failures in a row: the other alerts are sent the next time.'
                }
            }
            continue
        }
        $refused = 0
        # At once: whatever happens later, this one is not sent again.
        $sent[$uid] = $true
        [IO.File]::AppendAllText($state, $uid + [Environment]::NewLine)
        $new++
    }
    if (-not $WhatIfPreference) {
        # Those of other priorities stay known, too: other runs may send them.
        $uids = @($open | ForEach-Object { $_.alertUid })
        Save-State (@($uids | Where-Object { $SkipExisting -or $sent.ContainsKey($_) }) +
            @($failed | Where-Object { $_ -in $uids -and -not $sent.ContainsKey($_) } | ForEach-Object { "$_ failed" }))
    }
    [pscustomobject]@{ Open = $chosen.Count; Sent = $new; Failed = $failures }
}
finally {
    if ($lock) {
        $lock.Dispose()
    }
}
exit $(if ($failures) { 2 } else { 0 })
