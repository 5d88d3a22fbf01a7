<#
.SYNOPSIS
Azure Automation runbook: gives the servers that have not been seen for some hours.

.DESCRIPTION
In the Automation account:

  Modules      upload the module's zip, for runtime 5.1 or 7
  Credentials  DattoRMM: the API key as user name, the secret key as password
  Variables    DrmmPlatform: the platform's name, such as pinotage

The runbook writes one object a server; an error ends it, so that the job's status is Failed.

.EXAMPLE
./Runbook-OfflineServers.ps1 -Hours 12
#>
#Requires -Version 5.1
[CmdletBinding()]
param(
    # Servers that were seen later are not given.
    [ValidateRange(1, 8760)]
    [int] $Hours = 24,

    # The API's URL in place of the platform's name in DrmmPlatform, such as a simulator's.
    [string] $Url = ''
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
# Azure Automation keeps what is written beside the output.
$ProgressPreference = 'SilentlyContinue'

Import-Module DattoRMM
$connection = @{ Credential = Get-AutomationPSCredential -Name 'DattoRMM' }
if ($Url) {
    $connection.Url = $Url
}
else {
    $connection.Platform = Get-AutomationVariable -Name 'DrmmPlatform'
}
Connect-DrmmApi @connection
try {
    $limit = [datetime]::Now.AddHours(-$Hours)
    Get-DrmmDevice |
        Where-Object { -not $_.online -and $_.deviceType -and $_.deviceType.category -eq 'Server' } |
        Where-Object { -not $_.lastSeen -or $_.GetTime('lastSeen') -lt $limit } |
        ConvertTo-DrmmFlatObject -Property siteName, hostname, lastSeen, operatingSystem, uid -TimeFormat Iso8601
}
finally {
    Disconnect-DrmmApi
}
