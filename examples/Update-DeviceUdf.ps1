<#
.SYNOPSIS
Sets user-defined fields of many devices from a CSV file, and says what failed.

.DESCRIPTION
The file, in UTF-8, has a column deviceUid and columns such as udf5 and udf31. Empty cells are left alone; -ClearEmpty
deletes the fields of empty cells. One row that fails does not stop the others.

With -WhatIf nothing is changed: each change is shown without its value, and rows whose device the account does not have
are counted as failed.

What failed is written to <name>.failed.csv beside the file, with the device and the reason, never with a value.

Exit codes: 0 all rows done, 2 some failed; 1 (an error) nothing was done.

.EXAMPLE
./Update-DeviceUdf.ps1 -Path udf.csv -WhatIf

Shows what would be done.

.EXAMPLE
./Update-DeviceUdf.ps1 -Path udf.csv
#>
#Requires -Version 5.1
[CmdletBinding(SupportsShouldProcess)]
param(
    # The file.
    [Parameter(Mandatory)]
    [string] $Path,

    # Deletes the fields of empty cells.
    [switch] $ClearEmpty,

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
$rows = @(Import-Csv -LiteralPath $Path -Encoding UTF8)
if ($rows.Count -eq 0) {
    throw "$Path has no rows."
}
$columns = $rows[0].PSObject.Properties.Name
$foreign = @($columns | Where-Object { $_ -ne 'deviceUid' -and $_ -notmatch '^udf([1-9]\d?|[12]\d\d|300)$' })
if ('deviceUid' -notin $columns -or $foreign) {
    throw "$Path should have the columns deviceUid and udf1 to udf300; it has $($columns -join ', ')."
}
$twice = @($rows | Group-Object deviceUid | Where-Object Count -GT 1)
if ($twice) {
    throw "$Path has several rows for $($twice.Name -join ', ')."
}
# What stands for a letter that is not UTF-8; it would be written into the fields.
if (@($rows | Where-Object { "$($_.PSObject.Properties.Value)".Contains([char] 0xFFFD) })) {
    throw "$Path is not in UTF-8: some of its letters could not be read. Save it as CSV UTF-8."
}

$connection = @{}
foreach ($name in 'Platform', 'Url', 'Credential') {
    if ($PSBoundParameters[$name]) {
        $connection[$name] = $PSBoundParameters[$name]
    }
}
Connect-DrmmApi @connection
try {
    $failed = [Collections.Generic.List[object]]::new()
    if ($WhatIfPreference) {
        # A dry run sends no change, so the service cannot say that it does not know a device.
        $known = @{}
        Get-DrmmDevice -Property uid | ForEach-Object { $known[$_.uid] = $true }
        foreach ($row in @($rows | Where-Object { -not $known.ContainsKey("$($_.deviceUid)") })) {
            $failed.Add([pscustomobject]@{ deviceUid = $row.deviceUid; reason = 'The account has no such device.' })
        }
        $rows = @($rows | Where-Object { $known.ContainsKey("$($_.deviceUid)") })
    }
    $how = @{ ClearEmpty = $ClearEmpty; ThrottleLimit = 4; ErrorAction = 'SilentlyContinue'; ErrorVariable = 'faults' }
    $rows | Set-DrmmDeviceUdf @how
    foreach ($fault in $faults) {
        $failed.Add([pscustomobject]@{ deviceUid = $fault.TargetObject.deviceUid; reason = $fault.Exception.Message })
    }
}
finally {
    Disconnect-DrmmApi
}

$report = [IO.Path]::ChangeExtension($Path, '.failed.csv')
if (Test-Path -LiteralPath $report) {
    Remove-Item -LiteralPath $report -WhatIf:$false
}
if ($failed.Count) {
    $failed | Export-Csv -LiteralPath $report -NoTypeInformation -Encoding UTF8 -WhatIf:$false
    Write-Warning "$($failed.Count) rows failed; $report has the reasons."
}
$all = @(Import-Csv -LiteralPath $Path -Encoding UTF8).Count
[pscustomobject]@{ Rows = $all; Done = $all - $failed.Count; Failed = $failed.Count; DryRun = [bool] $WhatIfPreference }
exit $(if ($failed.Count) { 2 } else { 0 })
