# What the formatting commands make of the objects; the tables themselves are tested in tests/engine/FormatTests.cs.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $sim = Start-Simulator
}

AfterAll {
    Stop-Simulator $sim
}

Describe 'A list' {
    It 'shows every field as the API gave it: <_>' -ForEach 'Get-DrmmDevice', 'Get-DrmmSite', 'Get-DrmmAlert' {
        $first = @(& $_)[0]

        $lines = ($first | Format-List | Out-String -Width 200) -split '\r?\n' | Where-Object { $_ -match '^\S+ +: ' }

        @($lines | ForEach-Object { ($_ -split ' ')[0] }) | Should -Be @($first.PSObject.Properties.Name)
    }

    It 'leaves times as they are' {
        $device = @(Get-DrmmDevice)[0]

        $device | Format-List lastSeen | Out-String | Should -Match ([string] $device.lastSeen)
    }
}

Describe 'A table' {
    It 'has the columns of its view, and no cell that could not be made: <_>' -ForEach @(
        'Get-DrmmDevice', 'Get-DrmmSite', 'Get-DrmmAlert', 'Get-DrmmUser', 'Get-DrmmComponent', 'Get-DrmmVariable'
        'Get-DrmmFilter', 'Get-DrmmAccount', 'Get-DrmmAccountDevices', 'Get-DrmmAccountAlertsOpen'
    ) {
        $Error.Clear()
        $items = @(& $_)
        $version = $PSVersionTable.PSVersion
        $view = @(Get-FormatData $items[0].PSObject.TypeNames[0] -PowerShellVersion $version)[0]
        $table = $view.FormatViewDefinition[0].Control

        $lines = @(($items | Out-String -Width 300) -split '\r?\n' | Where-Object { $_.Trim() })

        $lines[0].Trim() -split ' +' | Should -Be @($table.Headers.Label)
        $lines.Count | Should -Be ($items.Count + 2)
        "$lines" | Should -Not -Match '#ERR'
        $Error.Count | Should -Be 0
    }

    It 'has no escape sequences in a text' {
        Get-DrmmDevice | Out-String | Should -Not -Match ([char] 27)
    }

    It 'shows the columns that were asked for, also of selected objects' {
        $device = @(Get-DrmmDevice)[0]

        $text = $device | Select-Object hostname, siteName | Format-Table -AutoSize | Out-String -Width 200

        $text | Should -Match '(?m)^hostname +siteName'
        $text | Should -Match ([regex]::Escape($device.hostname))
    }

    It 'is grouped by what it is told to' {
        $text = Get-DrmmDevice | Sort-Object siteName | Format-Table -GroupBy siteName | Out-String -Width 200

        $names = @((Get-DrmmDevice).siteName | Sort-Object -Unique)
        @([regex]::Matches($text, '(?m)^ *siteName: ')).Count | Should -Be $names.Count
    }
}
