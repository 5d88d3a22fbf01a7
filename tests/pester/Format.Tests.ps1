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

Describe 'A table in a text' {
    It 'has no escape sequences' {
        Get-DrmmDevice | Out-String | Should -Not -Match ([char] 27)
    }
}
