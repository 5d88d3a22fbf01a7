# What Get-Help says about each command, and the topics. Examples.Tests.ps1 and tests/engine run the examples.

BeforeDiscovery {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $commands = @((Import-PowerShellDataFile (Get-ModulePath)).CmdletsToExport | ForEach-Object { @{ Name = $_ } })
    $topics = @(Get-ChildItem (Join-Path (Split-Path (Get-ModulePath)) 'en-US') -Filter about_*.help.txt |
            ForEach-Object { @{ Topic = $_.Name -replace '\.help\.txt$' } })
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $formerPath = Add-ModulePath
    Import-Module (Get-ModulePath) -Force
    $common = [Management.Automation.Cmdlet]::CommonParameters + [Management.Automation.Cmdlet]::OptionalCommonParameters

    # Those that nobody is to know of are for scripts of the gallery module.
    function Get-Shown($Command) {
        $Command.ParameterSets.Parameters | Where-Object { $_.Name -notin $common } |
            Where-Object { -not ($_.Attributes | Where-Object { $_.DontShow }) } |
            Sort-Object Name -Unique
    }
}

AfterAll {
    $env:PSModulePath = $formerPath
}

Describe 'The help of a command' {
    It 'says in sentences what it is for, and shows how: <Name>' -ForEach $commands {
        $help = Get-Help $Name

        $help.Name | Should -Be $Name
        $help.Synopsis | Should -Match '^[A-Z].+\.\s*$'
        $help.Synopsis | Should -Not -Match ([regex]::Escape("$Name "))
        "$($help.description.Text)" | Should -Not -BeNullOrEmpty
        @($help.examples.example).Count | Should -BeGreaterThan 0
        foreach ($example in $help.examples.example) {
            $example.code | Should -Not -BeNullOrEmpty
            "$($example.remarks.Text)" | Should -Not -BeNullOrEmpty
        }
    }

    It 'explains each parameter, and no other: <Name>' -ForEach $commands {
        $parameters = @(Get-Shown (Get-Command $Name))
        $explained = @((Get-Help $Name -Full).parameters.parameter | Where-Object { $_.name -notin $common })

        @($explained.name | Sort-Object) -join ' ' | Should -Be (@($parameters.Name | Sort-Object) -join ' ')
        foreach ($one in $explained) {
            "$($one.description.Text)" | Should -Match '\.\s*$' -Because $one.name
        }
    }

    It 'is one text at the prompt, without errors: <Name>' -ForEach $commands {
        $text = Get-Help $Name -Full -ErrorAction Stop | Out-String -Width 120

        $text | Should -Match '(?m)^SYNOPSIS'
        $text | Should -Match ([regex]::Escape("    $Name"))
    }

    It 'is found by the old name of a command' {
        (Get-Help Set-DrmmApiParameters).Name | Should -Be 'Connect-DrmmApi'
    }
}

Describe 'A topic' {
    It 'is found by its name: <Topic>' -ForEach $topics {
        $text = Get-Help $Topic -ErrorAction Stop | Out-String

        $text | Should -Match $Topic
        $text.Length | Should -BeGreaterThan 500
    }
}
