<#
.SYNOPSIS
Writes a CSV report of all devices, or of those of some sites.

.DESCRIPTION
One row a device, with the columns that you name, times in local time. The report replaces the old one only when it is
whole. Excel reads the file as it is.

Exit codes: 0 written; when something fails the script ends with an error, which is exit code 1 for a scheduled task.

.EXAMPLE
./Export-DeviceReport.ps1 -Path devices.csv

Reads key and secret from the environment (DRMM_API_PLATFORM, DRMM_API_KEY, DRMM_API_SECRET).

.EXAMPLE
./Export-DeviceReport.ps1 -Path acme.csv -SiteName 'Acme*' -UdfLabel @{ 5 = 'Asset tag' } -Credential (Get-Credential)
#>
#Requires -Version 5.1
[CmdletBinding()]
param(
    # The file to write.
    [Parameter(Mandatory)]
    [string] $Path,

    # The names of sites, which may hold wildcards; all sites if it is not given.
    [string] $SiteName = '*',

    # The columns, as ConvertTo-DrmmFlatObject names them.
    [string[]] $Column = @(
        'hostname', 'siteName', 'deviceType.category', 'operatingSystem', 'lastLoggedInUser', 'intIpAddress',
        'extIpAddress', 'online', 'lastSeen', 'lastReboot', 'rebootRequired', 'antivirus.antivirusProduct',
        'antivirus.antivirusStatus', 'patchManagement.patchStatus', 'patchManagement.patchesApprovedPending',
        'warrantyDate', 'uid'
    ),

    # Names for user-defined fields, which become columns behind the others: @{ 5 = 'Asset tag' }.
    [hashtable] $UdfLabel = @{},

    # The platform's name; without it the environment says where.
    [string] $Platform = '',

    # The API's URL in place of a platform's name, such as a simulator's.
    [string] $Url = '',

    # API key and secret key as user name and password; without it the environment has them.
    [pscredential] $Credential
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module DattoRMM
$connection = @{}
foreach ($name in 'Platform', 'Url', 'Credential') {
    if ($PSBoundParameters[$name]) {
        $connection[$name] = $PSBoundParameters[$name]
    }
}
Connect-DrmmApi @connection
$part = "$Path.part"
try {
    $wanted = $Column + @($UdfLabel.Keys | Sort-Object | ForEach-Object { "udf.udf$_" })
    $flat = @{ Property = $wanted }
    if ($UdfLabel.Count) {
        $flat.UdfLabel = $UdfLabel
    }
    # Excel knows UTF-8 by its mark only; the two editions have different names for that.
    $encoding = if ($PSVersionTable.PSVersion.Major -ge 6) { 'utf8BOM' } else { 'UTF8' }
    $devices = if ($SiteName -eq '*') { { Get-DrmmDevice } } else { { Get-DrmmSite -Name $SiteName | Get-DrmmDevice } }
    & $devices | ConvertTo-DrmmFlatObject @flat | Export-Csv -LiteralPath $part -NoTypeInformation -Encoding $encoding
    if (-not (Test-Path -LiteralPath $part)) {
        throw "There is no device on a site named '$SiteName'; no report was written."
    }
    Move-Item -LiteralPath $part -Destination $Path -Force
    Get-Item -LiteralPath $Path
}
finally {
    Disconnect-DrmmApi
    if (Test-Path -LiteralPath $part) {
        Remove-Item -LiteralPath $part
    }
}
