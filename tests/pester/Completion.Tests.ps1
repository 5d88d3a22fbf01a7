# What the Tab key offers at the prompt; tests/engine/CompletionTests.cs knows every name, sign and quote.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $sim = Start-Simulator '--devices 40 --sites 6'

    function Get-Offered([string] $Line) {
        @((TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText)
    }
}

AfterAll {
    Stop-Simulator $sim
}

Describe 'The Tab key' {
    It 'completes the names of commands' {
        Get-Offered 'Get-DrmmDev' | Should -Contain 'Get-DrmmDevice'
        Get-Offered 'Set-DrmmApiP' | Should -Contain 'Set-DrmmApiParameters'
    }

    It 'completes the names of parameters, and offers none that are for old scripts only' {
        $parameters = (Get-Command Get-DrmmAccount).Parameters.Values
        $hidden = @($parameters | Where-Object { $_.Attributes.DontShow -contains $true })

        $offered = Get-Offered 'Get-DrmmAccount -'

        $offered | Should -Contain '-Connection'
        $hidden.Count | Should -BeGreaterThan 0
        foreach ($parameter in $hidden) {
            $offered | Should -Not -Contain "-$($parameter.Name)"
        }
    }

    It 'offers the names of sites, written so that they can be used' {
        $names = @(Get-DrmmSite | ForEach-Object name | Sort-Object)

        $offered = Get-Offered 'Get-DrmmSite -Name '

        @($offered | ForEach-Object { Invoke-Expression "Write-Output $_" } | Sort-Object) | Should -Be $names
        foreach ($one in $offered) {
            @(Invoke-Expression "Get-DrmmSite -Name $one").Count | Should -Be 1
        }
    }

    It 'offers <Kind>' -ForEach @(
        @{ Kind = 'components'; Line = 'Start-DrmmQuickJob -Component '; List = { Get-DrmmComponent } }
        @{ Kind = 'components of the old command'; Line = 'Set-DrmmDeviceQuickJob -ComponentName '; List = { Get-DrmmComponent } }
        @{ Kind = 'variables'; Line = 'Get-DrmmVariable -Name '; List = { Get-DrmmVariable } }
    ) {
        $expected = @((& $List).name | Sort-Object -Unique)

        $offered = @(Get-Offered $Line | ForEach-Object { Invoke-Expression "Write-Output $_" } | Sort-Object -Unique)

        $offered | Should -Be $expected
    }

    It 'offers platforms, and what a parameter allows, without any request' {
        Clear-Received $sim

        Get-Offered 'Connect-DrmmApi -Platform ' | Should -Contain 'pinotage'
        Get-Offered 'Get-DrmmAlert -Status ' | Should -Contain 'Resolved'

        @(Get-Received $sim) | Should -BeNullOrEmpty
    }

    It 'says nothing while the server cannot be asked' {
        $names = @(Get-DrmmUser | ForEach-Object username)
        Set-Fault $sim '{"match":"* /*","fault":{"status":500}}'
        $Error.Clear()
        try {
            $offered = Get-Offered 'Get-DrmmUser -Name '
        }
        finally {
            Set-Fault $sim ''
        }

        $names.Count | Should -BeGreaterThan 0
        $offered | Where-Object { $names -contains "$_".Trim("'") } | Should -BeNullOrEmpty
        $Error.Count | Should -Be 0
    }
}
