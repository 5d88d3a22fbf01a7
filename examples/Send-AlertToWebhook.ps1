<#
.SYNOPSIS
Sends each open alert once to a webhook, such as that of a chat or of a ticket system.

.DESCRIPTION
Run it every few minutes. A file remembers which alerts have been sent; those that are no longer open are forgotten. An
alert whose sending fails is tried again the next time; after three failures in a row the webhook is left alone until
then. While one run is at it, another one ends with a warning (the file <StatePath>.lock tells them apart).

The first run would send every alert that is open: begin with -SkipExisting, which only remembers them.

A webhook's URL is a secret: whoever knows it can write there. It is read from the environment variable
DRMM_WEBHOOK_URL, and is in no message.

Exit codes: 0 all sent, or another run is at it; 2 some could not be sent; 1 (an error) nothing was done.

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

    # Remembers the alerts that are open as if they had been sent.
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

if (-not $env:DRMM_WEBHOOK_URL) {
    throw 'DRMM_WEBHOOK_URL is not set.'
}
# Windows PowerShell on older systems offers TLS 1.0 only.
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor 3072

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

# Two runs at a time would send alerts twice. A dry run writes nothing, this file neither.
$lock = $null
if (-not $WhatIfPreference) {
    $lockPath = $PSCmdlet.GetUnresolvedProviderPathFromPSPath("$StatePath.lock")
    try {
        $lock = [IO.FileStream]::new($lockPath, 'OpenOrCreate', 'ReadWrite', 'None')
    }
    catch [IO.DirectoryNotFoundException] {
        throw
    }
    catch [IO.IOException] {
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
        $open = @(Get-DrmmAlert -Status Open | Where-Object { (Get-Field $_ priority) -in $Priority })
    }
    finally {
        Disconnect-DrmmApi
    }

    $sent = @{}
    if (Test-Path -LiteralPath $StatePath) {
        Get-Content -LiteralPath $StatePath | ForEach-Object { $sent[$_] = $true }
    }
    $failures = 0
    $new = 0
    # Refused or unanswered requests in a row.
    $refused = 0
    $now = @(foreach ($alert in $open) {
        $uid = $alert.alertUid
        if (-not $sent.ContainsKey($uid) -and -not $SkipExisting) {
            if ($refused -ge 3) {
                $failures++
                continue
            }
            if (-not $PSCmdlet.ShouldProcess("alert $uid", 'Send to the webhook')) {
                continue
            }
            $asked = $false
            try {
                $request = @{
                    Uri = $env:DRMM_WEBHOOK_URL
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
                $refused = 0
            }
            catch {
                $failures++
                $refused += [int] $asked
                $why = $_.Exception.GetType().Name
                Write-Warning "Alert $uid was not sent ($why); it is tried again the next time."
                if ($refused -eq 3) {
                    Write-Warning 'Three failures in a row: the other alerts are sent the next time.'
                }
                continue
            }
            # At once: whatever happens later, this one is not sent again.
            Add-Content -LiteralPath $StatePath -Value $uid
            $new++
        }
        $uid
    })
    if (-not $WhatIfPreference) {
        Set-Content -LiteralPath $StatePath -Value $now
    }
    [pscustomobject]@{ Open = $open.Count; Sent = $new; Failed = $failures }
}
finally {
    if ($lock) {
        $lock.Dispose()
    }
}
exit $(if ($failures) { 2 } else { 0 })
