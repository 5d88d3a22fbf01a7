<#
.SYNOPSIS
Writes a CSV report of all devices, or of those of some sites.

.DESCRIPTION
One row a device, with the columns that you name, in UTF-8; times as 2031-05-31 17:45:00 in local time, whatever the
language of the account that the script runs as. The report replaces the old one only when it is whole; where there is
no device for it, that is an error, and the old one stays.

Excel opens it with a double click where the list separator of Windows is the one in the file: a comma in English, a
semicolon in most of Europe (-Delimiter ';').

Names, descriptions and user-defined fields come from devices. A spreadsheet takes a text that begins with = + - @ for a
formula, so such a text gets an apostrophe in front; numbers do not. Programs that read the report want -KeepFormula.

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

    # Names for user-defined fields, which become columns behind the others: @{ 5 = 'Asset tag' } or @{ udf5 = ... }.
    [hashtable] $UdfLabel = @{},

    # What stands between the columns.
    [char] $Delimiter = ',',

    # Writes every text as it came, also one that a spreadsheet takes for a formula.
    [switch] $KeepFormula,

    # The platform's name; without it the environment says where.
    [string] $Platform = '',

    # The API's URL in place of a platform's name, such as a simulator's.
    [string] $Url = '',

    # API key and secret key as user name and password; without it the environment has them.
    [pscredential] $Credential
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# The row as a file is to have it: times the same in every culture, and nothing that a spreadsheet would run.
filter ConvertTo-Cell {
    $row = [ordered]@{}
    foreach ($cell in $_.PSObject.Properties) {
        $row[$cell.Name] = if ($cell.Value -is [datetime]) {
            $cell.Value.ToString('yyyy-MM-dd HH:mm:ss', [cultureinfo]::InvariantCulture)
        }
        elseif (-not $KeepFormula -and $cell.Value -is [string] -and
            $cell.Value -match '^[=+\-@\t\r\n]' -and $cell.Value -notmatch '^[+-]?\d+([.,]\d+)?\z') {
            "'" + $cell.Value
        }
        else {
            $cell.Value
        }
    }
    [pscustomobject] $row
}

$fields = @($UdfLabel.Keys | ForEach-Object {
        if ("$_" -notmatch '^(udf)?([1-9]\d?|[12]\d\d|300)$') {
            throw "-UdfLabel has the key $_; it takes the numbers of fields, such as 5 or udf5."
        }
        [int] $Matches[2]
    } | Sort-Object | ForEach-Object { "udf.udf$_" })

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
    $flat = @{ Property = $Column + $fields }
    if ($fields) {
        $flat.UdfLabel = $UdfLabel
    }
    $csv = @{
        LiteralPath = $part
        Delimiter = $Delimiter
        NoTypeInformation = $true
        # Excel knows UTF-8 by its mark only; the two editions have different names for that.
        Encoding = if ($PSVersionTable.PSVersion.Major -ge 6) { 'utf8BOM' } else { 'UTF8' }
    }
    $devices = if ($SiteName -eq '*') { { Get-DrmmDevice } } else { { Get-DrmmSite -Name $SiteName | Get-DrmmDevice } }
    # Export-Csv makes its file without any row, too.
    $count = 0
    & $devices | ConvertTo-DrmmFlatObject @flat | ConvertTo-Cell | ForEach-Object { $count++; $_ } | Export-Csv @csv
    if ($count -eq 0) {
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
