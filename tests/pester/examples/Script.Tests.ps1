# What every script in examples/ keeps to, without running it.

BeforeDiscovery {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $files = Get-ChildItem (Get-Example '') -Filter *.ps1
    $scripts = @($files | ForEach-Object { @{ Name = $_.Name; Path = $_.FullName } })
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
}

Describe 'Every example' {
    It 'is plain ASCII, strict, stops at errors and explains itself: <Name>' -ForEach $scripts {
        $text = Get-Content $Path -Raw

        $text | Should -Not -Match '[^\x00-\x7F]'
        $text | Should -Match '(?m)^Set-StrictMode -Version Latest$'
        $text | Should -Match '(?m)^\$ErrorActionPreference = ''Stop''$'
        $help = Get-Help $Path
        $help.Synopsis | Should -Match '\.\s*$'
        @($help.examples.example).Count | Should -BeGreaterThan 0
        foreach ($parameter in (Get-Command $Path).ParameterSets[0].Parameters) {
            $known = [Management.Automation.Cmdlet]::CommonParameters +
                [Management.Automation.Cmdlet]::OptionalCommonParameters
            if ($parameter.Name -notin $known) {
                (Get-Help $Path -Parameter $parameter.Name).description.Text | Should -Not -BeNullOrEmpty
            }
        }
    }

    It 'needs nothing that Windows PowerShell 5.1 lacks: <Name>' -ForEach $scripts {
        $tokens = $null
        $errors = $null
        [void] [Management.Automation.Language.Parser]::ParseFile($Path, [ref] $tokens, [ref] $errors)

        $errors | Should -BeNullOrEmpty
        $tokens.Kind | Should -Not -Contain 'QuestionMark'
        "$($tokens.Kind)" | Should -Not -Match 'QuestionQuestion|AndAnd|OrOr|QuestionDot'
    }

    It 'has one way to import the attached module' {
        $texts = 'Component-Application.ps1', 'Component-Monitor.ps1' | ForEach-Object {
            (Get-ScriptFunction $_ 'Import-AttachedModule').Extent.Text
        }

        $texts[0] | Should -Not -BeNullOrEmpty
        $texts[0] | Should -Be $texts[1]
    }
}
