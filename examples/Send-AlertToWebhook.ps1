<#
.SYNOPSIS
Sends each open alert once to a webhook, such as that of a chat or of a ticket system.

.DESCRIPTION
Run it every few minutes. A file remembers which alerts have been sent; those that are no longer open are forgotten. An
alert whose sending fails is tried again the next time.

A webhook's URL is a secret: whoever knows it can write there. It is read from the environment variable
DRMM_WEBHOOK_URL, and is in no message.

Exit codes: 0 all sent, 2 some could not be sent; 1 (an error) nothing was done.

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

Import-Module DattoRMM
$connection = @{}
foreach ($name in 'Platform', 'Url', 'Credential') {
    if ($PSBoundParameters[$name]) {
        $connection[$name] = $PSBoundParameters[$name]
    }
}
Connect-DrmmApi @connection
try {
    $open = @(Get-DrmmAlert -Status Open | Where-Object { $_.priority -in $Priority })
}
finally {
    Disconnect-DrmmApi
}

$sent = @{}
if (Test-Path -LiteralPath $StatePath) {
    Get-Content -LiteralPath $StatePath | ForEach-Object { $sent[$_] = $true }
}
$failures = 0
$now = @(foreach ($alert in $open) {
    $uid = $alert.alertUid
    if (-not $sent.ContainsKey($uid)) {
        $source = $alert.alertSourceInfo
        if (-not $PSCmdlet.ShouldProcess("alert $uid of $($source.deviceName)", 'Send to the webhook')) {
            continue
        }
        $body = @{
            text = "$($alert.priority): $($source.siteName), $($source.deviceName): $($alert.GetMessage())"
            alertUid = $uid
            priority = $alert.priority
            site = $source.siteName
            device = $source.deviceName
            time = $alert.GetTime('timestamp').ToUniversalTime().ToString('o')
        } | ConvertTo-Json -Compress
        $request = @{
            Uri = $env:DRMM_WEBHOOK_URL
            Method = 'Post'
            ContentType = 'application/json; charset=utf-8'
            # Windows PowerShell would send a text in Latin-1.
            Body = [Text.Encoding]::UTF8.GetBytes($body)
            TimeoutSec = 20
            UseBasicParsing = $true
        }
        try {
            [void] (Invoke-RestMethod @request)
        }
        catch {
            $failures++
            Write-Warning "Alert $uid was not sent ($($_.Exception.GetType().Name)); it is tried again the next time."
            continue
        }
        # At once: whatever happens later, this one is not sent again.
        Add-Content -LiteralPath $StatePath -Value $uid
    }
    $uid
})
if (-not $WhatIfPreference) {
    Set-Content -LiteralPath $StatePath -Value $now
}
$new = @($now | Where-Object { -not $sent.ContainsKey($_) }).Count
[pscustomobject]@{ Open = $open.Count; Sent = $new; Failed = $failures }
exit $(if ($failures) { 2 } else { 0 })
