# The report of devices as a CSV file.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $sim = Start-ExampleSimulator
    $login = Get-Login $sim
    # Scripts import the module by its name, so its folder is on the module path.
    $formerPath = Add-ModulePath
    $export = Get-Example 'Export-DeviceReport.ps1'
    $devices = @(Get-DrmmDevice)
    $file = Join-Path $TestDrive 'devices.csv'

    # Writes the report of these devices, and gives its rows.
    function Get-Report([object[]] $Device, [hashtable] $With = @{}) {
        $list = @{ pageDetails = @{ count = $Device.Count; totalCount = $Device.Count }; devices = $Device }
        $fault = @{ answer = ($list | ConvertTo-Json -Depth 9); contentType = 'application/json' }
        Set-Fault $sim (@{ match = 'GET /v2/account/devices'; fault = $fault } | ConvertTo-Json -Depth 9)
        try {
            [void] (& $export -Path $file @login @With)
        }
        finally {
            Set-Fault $sim ''
        }
        Import-Csv $file -Encoding UTF8
    }
}

AfterAll {
    $env:PSModulePath = $formerPath
    Stop-Simulator $sim
}

Describe 'The device report' {
    It 'writes a row for each device and a column for each name' {
        Set-Content $file 'an old report'

        $written = & $export -Path $file -UdfLabel @{ 4 = 'Building' } -KeepFormula @login

        $written.FullName | Should -Be $file
        $rows = @(Import-Csv $file -Encoding UTF8)
        $rows[0].PSObject.Properties.Name[-2, -1] | Should -Be 'uid', 'Building'
        $rows.hostname | Should -Be $devices.hostname
        $rows.Building | Should -Be @($devices | ForEach-Object { "$($_.udf.udf4)" })
        "$file.part" | Should -Not -Exist
        [IO.File]::ReadAllBytes($file)[0..2] | Should -Be 0xEF, 0xBB, 0xBF
    }

    It 'takes fields by both of their names, in the order of their numbers' {
        [void] (& $export -Path $file -UdfLabel @{ udf10 = 'Ten'; 4 = 'Four'; '5' = 'Five' } @login)

        $rows = @(Import-Csv $file -Encoding UTF8)
        $rows[0].PSObject.Properties.Name[-3..-1] | Should -Be 'Four', 'Five', 'Ten'
        $rows.Ten | Should -Be @($devices | ForEach-Object { "$($_.udf.udf10)" })
    }

    It 'refuses a label of no field before it sends anything' {
        Clear-Received $sim

        { & $export -Path $file -UdfLabel @{ udf301 = 'x' } @login } | Should -Throw '*udf301*'
        @(Get-Received $sim) | Should -BeNullOrEmpty
    }

    It 'writes times the same in every culture: <_>' -ForEach 'de-DE', 'en-GB', 'en-US', 'th-TH' {
        Invoke-In $_ { [void] (& $export -Path $file @login) }

        $expected = @($devices | ForEach-Object {
                $_.GetTime('lastSeen').ToString('yyyy-MM-dd HH:mm:ss', [cultureinfo]::InvariantCulture)
            })
        @(Import-Csv $file -Encoding UTF8).lastSeen | Should -Be $expected
    }

    It 'separates the columns as it is told' {
        [void] (& $export -Path $file -Delimiter ';' @login)

        @(Import-Csv $file -Delimiter ';' -Encoding UTF8).uid | Should -Be $devices.uid
    }

    It 'makes no formula of what a device says: <Text>' -ForEach @(
        @{ Text = '=1+1' }, @{ Text = '+49 30 1234' }, @{ Text = '-x' }, @{ Text = '@SUM(A1)' }
        @{ Text = "`t=1" }, @{ Text = "`r=1" }, @{ Text = '-1+cmd' }
    ) {
        $odd = @{ uid = 'u'; hostname = $Text; siteName = "Acme = $Text" }
        $columns = @{ Column = 'hostname', 'siteName' }

        $row = Get-Report $odd $columns
        $kept = Get-Report $odd ($columns + @{ KeepFormula = $true })

        $row.hostname | Should -Be "'$Text"
        $row.siteName | Should -Be "Acme = $Text"
        $kept.hostname | Should -Be $Text
    }

    It 'leaves numbers numbers, also those in texts' {
        $odd = @{ uid = 'u'; hostname = '-12.5'; siteId = -7; udf = @{ udf1 = '+3'; udf2 = '' } }

        $row = Get-Report $odd @{ Column = 'hostname', 'siteId'; UdfLabel = @{ 1 = 'One'; 2 = 'Two' } }

        "$($row.hostname)|$($row.siteId)|$($row.One)|$($row.Two)" | Should -Be '-12.5|-7|+3|'
    }

    It 'takes the devices of some sites' {
        Connect-DrmmApi @login
        $site = @(Get-DrmmSite)[0]
        $count = @(Get-DrmmDevice -SiteUid $site.uid).Count

        [void] (& $export -Path $file -SiteName $site.name @login)

        @(Import-Csv $file).Count | Should -Be $count
    }

    It 'writes a file with brackets in its name' {
        $odd = Join-Path $TestDrive 'devices[1].csv'

        [void] (& $export -Path $odd @login)

        @(Import-Csv -LiteralPath $odd -Encoding UTF8).Count | Should -Be $devices.Count
    }

    It 'leaves the old report alone where no site has the name: <_>' -ForEach 'No such site', 'No such*' {
        Set-Content $file 'an old report'

        { & $export -Path $file -SiteName $_ @login } | Should -Throw '*no device*no report was written.'
        Get-Content $file | Should -Be 'an old report'
        "$file.part" | Should -Not -Exist
    }

    It 'leaves the old report alone where the account has no device' {
        Set-Content $file 'an old report'

        { Get-Report @() } | Should -Throw '*no device*no report was written.'
        Get-Content $file | Should -Be 'an old report'
    }

    It 'leaves the old report alone when it fails' {
        Set-Content $file 'an old report'
        Set-Fault $sim '{"match":"GET /v2/account/devices","fault":{"status":404}}'
        try {
            { & $export -Path $file @login } | Should -Throw
        }
        finally {
            Set-Fault $sim ''
        }

        Get-Content $file | Should -Be 'an old report'
        "$file.part" | Should -Not -Exist
    }
}
