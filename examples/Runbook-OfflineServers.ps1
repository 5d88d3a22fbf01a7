<#
.SYNOPSIS
Azure Automation runbook: gives the servers that have not been seen for some hours.

.DESCRIPTION
In the Automation account:

  Modules      upload DattoRMM.zip (below) for the runtime of the runbook: 5.1, or 7.4 and later
  Credentials  DattoRMM: the API key as user name, the secret key as password
  Variables    DrmmPlatform: the platform's name, such as pinotage

Azure Automation takes a zip that has the name of the module, with a folder of that name in it and none for the version.
In PowerShell 7 these make it of the one that is released:

  Expand-Archive DattoRMM-2.0.0.zip -DestinationPath unpacked
  Rename-Item unpacked/DattoRMM/2.0.0 DattoRMM
  Compress-Archive unpacked/DattoRMM/DattoRMM -DestinationPath DattoRMM.zip

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
