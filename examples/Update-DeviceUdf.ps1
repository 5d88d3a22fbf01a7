<#
.SYNOPSIS
Sets user-defined fields of many devices from a CSV file, and says what failed.

.DESCRIPTION
The file, in UTF-8, has a column deviceUid and columns such as udf5 and udf31; Excel saves it as CSV UTF-8, in much of
Europe with semicolons (-Delimiter ';'). Empty cells are left alone; -ClearEmpty deletes the fields of empty cells. One
row that fails does not stop the others.

With -WhatIf nothing is changed: each change is shown without its value, and rows whose device the account does not have
are counted as failed.

What failed is written to <name>.failed.csv beside the file, with the device and the reason, never with a value. The
one of an earlier run is removed first.

Exit codes: 0 all rows done, 2 some failed; 1 (an error) the file is not right, <name>.failed.csv cannot be written, or
there is no connection: nothing was done.

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

    # What stands between the columns.
    [char] $Delimiter = ',',

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
$rows = @(Import-Csv -LiteralPath $Path -Delimiter $Delimiter -Encoding UTF8)
if ($rows.Count -eq 0) {
    throw "$Path has no rows."
}
# What is in the first row of a file without a header are values, so no message has its names.
$columns = @($rows[0].PSObject.Properties.Name)
$foreign = @(for ($i = 0; $i -lt $columns.Count; $i++) {
        if ($columns[$i] -notmatch '^(deviceUid|udf([1-9]\d?|[12]\d\d|300))$') { $i + 1 }
    })
if ('deviceUid' -notin $columns -or $foreign) {
    $what = if ($foreign) { "its column $($foreign -join ', ') is none of them" } else { 'there is no deviceUid' }
    $other = ';', ',', "`t" | Where-Object { $_ -ne $Delimiter -and $columns[0].Contains($_) } | Select-Object -First 1
    $advice = if ($other) { " Is -Delimiter ""$($other -replace "`t", '`t')"" missing?" }
    throw "The first row of $Path should have the names deviceUid and udf1 to udf300; $what.$advice"
}
# Rows as a spreadsheet counts them; its first one is the header.
$empty = @(for ($i = 0; $i -lt $rows.Count; $i++) {
        if ([string]::IsNullOrWhiteSpace($rows[$i].deviceUid)) { $i + 2 }
    })
if ($empty) {
    $more = if ($empty.Count -gt 5) { " and $($empty.Count - 5) more" }
    throw "$Path has no deviceUid in row $(@($empty | Select-Object -First 5) -join ', ')$more; its header is row 1."
}
$twice = @($rows | Group-Object deviceUid | Where-Object Count -GT 1)
if ($twice) {
    throw "$Path has several rows for $($twice.Name -join ', ')."
}
# What stands for a letter that is not UTF-8; it would be written into the fields.
if (@($rows | Where-Object { "$($_.PSObject.Properties.Value)".Contains([char] 0xFFFD) })) {
    throw "$Path is not in UTF-8: some of its letters could not be read. Save it as CSV UTF-8."
}

# The list of what fails is no change that -WhatIf and -Confirm are about. It is tried before anything is changed: a
# spreadsheet may have the old one open, or the folder may be closed to this account.
$report = [IO.Path]::ChangeExtension($Path, '.failed.csv')
$silent = @{ LiteralPath = $report; WhatIf = $false; Confirm = $false }
$csv = @{ Delimiter = $Delimiter; NoTypeInformation = $true; Encoding = 'UTF8' }
@() | Export-Csv @silent @csv
if (Test-Path -LiteralPath $report) {
    Remove-Item @silent
}

$count = $rows.Count
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

if ($failed.Count) {
    $failed | Export-Csv @silent @csv
    Write-Warning "$($failed.Count) rows failed; $report has the reasons."
}
[pscustomobject]@{
    Rows = $count
    Done = $count - $failed.Count
    Failed = $failed.Count
    DryRun = [bool] $WhatIfPreference
}
exit $(if ($failed.Count) { 2 } else { 0 })
