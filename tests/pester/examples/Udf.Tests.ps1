# The update of user-defined fields from a CSV file.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $sim = Start-ExampleSimulator
    $login = Get-Login $sim
    # Scripts import the module by its name, so its folder is on the module path.
    $formerPath = Add-ModulePath
    $update = Get-Example 'Update-DeviceUdf.ps1'
    $devices = @(Get-DrmmDevice)[0..2]
}

AfterAll {
    $env:PSModulePath = $formerPath
    Stop-Simulator $sim
}

Describe 'The update of user-defined fields' {
    BeforeEach {
        $file = Join-Path $TestDrive 'udf.csv'
        $unknown = [guid]::NewGuid().ToString()
        @(
            [pscustomobject]@{ deviceUid = $devices[0].uid; udf5 = 'value-1'; udf31 = '' }
            [pscustomobject]@{ deviceUid = $unknown; udf5 = 'value-2'; udf31 = 'x' }
            [pscustomobject]@{ deviceUid = $devices[2].uid; udf5 = ''; udf31 = 'value-3' }
        ) | Export-Csv $file -NoTypeInformation -Encoding UTF8
        Clear-Received $sim
    }

    It 'changes nothing in a dry run and says which rows have no device' {
        $summary = & $update -Path $file -WhatIf @login 3> $null

        "$($summary.Rows) $($summary.Done) $($summary.Failed) $($summary.DryRun) $LASTEXITCODE" |
            Should -Be '3 2 1 True 2'
        @(Get-Received $sim | Where-Object method -ne GET) | Should -BeNullOrEmpty
        (Import-Csv (Join-Path $TestDrive 'udf.failed.csv')).deviceUid | Should -Be $unknown
    }

    It 'sets what can be set and writes down what failed, without a value' {
        $summary = & $update -Path $file @login 3> $null

        "$($summary.Rows) $($summary.Done) $($summary.Failed) $($summary.DryRun) $LASTEXITCODE" |
            Should -Be '3 2 1 False 2'
        Connect-DrmmApi @login
        (Get-DrmmDevice $devices[0].uid).udf.udf5 | Should -Be 'value-1'
        (Get-DrmmDevice $devices[2].uid).udf.udf31 | Should -Be 'value-3'
        $report = Get-Content (Join-Path $TestDrive 'udf.failed.csv') -Raw
        $report | Should -BeLike "*$unknown*"
        $report | Should -Not -Match 'value-'
    }

    It 'takes its report away when all is well' {
        @(Import-Csv $file)[0, 2] | Export-Csv $file -NoTypeInformation -Encoding UTF8

        $summary = & $update -Path $file @login

        "$($summary.Done) $($summary.Failed) $LASTEXITCODE" | Should -Be '2 0 0'
        Join-Path $TestDrive 'udf.failed.csv' | Should -Not -Exist
    }

    It 'changes nothing where it could not write down what fails' {
        # As a spreadsheet that has the old list open, or a folder where this account may not write.
        $held = New-Item -ItemType Directory (Join-Path $TestDrive 'held.failed.csv')
        $copy = Join-Path $TestDrive 'held.csv'
        Copy-Item $file $copy
        try {
            { & $update -Path $copy @login 3> $null } | Should -Throw '*held.failed.csv*'
        }
        finally {
            Remove-Item $held.FullName
        }

        @(Get-Received $sim) | Should -BeNullOrEmpty
    }

    It 'refuses a file that is not UTF-8 before it sends anything' {
        # As Windows PowerShell and Excel write letters of Western Europe.
        $bytes = [Text.Encoding]::ASCII.GetBytes("deviceUid,udf5`r`n$($devices[0].uid),M?ller`r`n")
        $bytes[[Array]::IndexOf($bytes, [byte] 0x3F)] = 0xFC
        [IO.File]::WriteAllBytes($file, $bytes)

        { & $update -Path $file @login } | Should -Throw '*not in UTF-8*'
        @(Get-Received $sim) | Should -BeNullOrEmpty
    }

    It 'writes its report beside a file with brackets in its name' {
        $odd = Join-Path $TestDrive 'udf[1].csv'
        [IO.File]::Copy($file, $odd)

        [void] (& $update -Path $odd @login 3> $null)

        [IO.File]::Exists((Join-Path $TestDrive 'udf[1].failed.csv')) | Should -BeTrue
    }

    It 'leaves empty cells alone, and deletes their fields with -ClearEmpty' {
        Set-Content $file 'deviceUid,udf5,udf31', "$($devices[0].uid),kept,gone"
        [void] (& $update -Path $file @login)
        Set-Content $file 'deviceUid,udf5,udf31', "$($devices[0].uid),new,"

        [void] (& $update -Path $file @login)
        Connect-DrmmApi @login
        $left = (Get-DrmmDevice $devices[0].uid).udf
        $summary = & $update -Path $file -ClearEmpty @login
        Connect-DrmmApi @login
        $cleared = (Get-DrmmDevice $devices[0].uid).udf

        "$($left.udf5)|$($left.udf31)" | Should -Be 'new|gone'
        "$($cleared.udf5)|$($cleared.udf31)|$($summary.Done)" | Should -Be 'new||1'
    }

    It 'takes the separator that it is told, and writes its report with it' {
        Set-Content $file 'deviceUid;udf5', "$($devices[1].uid);half;", "$unknown;x"

        [void] (& $update -Path $file -Delimiter ';' @login 3> $null)

        Connect-DrmmApi @login
        (Get-DrmmDevice $devices[1].uid).udf.udf5 | Should -Be 'half'
        (Import-Csv (Join-Path $TestDrive 'udf.failed.csv') -Delimiter ';').deviceUid | Should -Be $unknown
    }

    It 'refuses a file before it sends anything: <Why>' -ForEach @(
        @{ Why = 'another column'; Lines = 'deviceUid,udf301', 'u,canary'; Says = '*column 2*' }
        @{ Why = 'no uid'; Lines = 'udf5,udf6', 'canary,y'; Says = '*no deviceUid*' }
        @{ Why = 'no header'; Lines = 'u1,canary-1', 'u2,canary-2'; Says = '*first row*column 1, 2*' }
        @{ Why = 'semicolons'; Lines = 'deviceUid;udf5', 'u;canary'; Says = '*-Delimiter ";" missing*' }
        @{ Why = 'tabs'; Lines = "deviceUid`tudf5", "u`tcanary"; Says = '*-Delimiter "``t" missing*' }
        @{ Why = 'no rows'; Lines = @('deviceUid,udf5'); Says = '*no rows*' }
        @{ Why = 'an empty uid'; Lines = 'deviceUid,udf5', 'u,x', ',canary'; Says = '*no deviceUid in row 3;*' }
        @{ Why = 'blank uids'; Lines = @('deviceUid,udf5') + @(' ,canary') * 7
            Says = '*no deviceUid in row 2, 3, 4, 5, 6 and 2 more;*' }
        @{ Why = 'a uid twice'; Lines = 'deviceUid,udf5', 'u,canary', 'U,y'; Says = '*several rows for u.' }
    ) {
        Set-Content $file $Lines

        $said = { & $update -Path $file @login } | Should -Throw $Says -PassThru

        "$said" | Should -Not -Match 'canary'
        @(Get-Received $sim) | Should -BeNullOrEmpty
    }
}
