# The module as it is installed: how it is imported, what it exports, and what is in its way.

BeforeDiscovery {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $declared = Import-PowerShellDataFile (Get-ModulePath)
    $commands = @($declared.CmdletsToExport | ForEach-Object { @{ Name = $_ } })
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $declared = Import-PowerShellDataFile (Get-ModulePath)
    $formerPath = Add-ModulePath
    Import-Module (Get-ModulePath) -Force
}

AfterAll {
    $env:PSModulePath = $formerPath
}

Describe 'The manifest' {
    It 'is valid, and is for both editions' {
        $manifest = Test-ModuleManifest (Get-ModulePath) -WarningVariable warnings -ErrorAction Stop

        $warnings | Should -BeNullOrEmpty
        $manifest.CompatiblePSEditions | Should -Be 'Desktop', 'Core'
        $manifest.PowerShellVersion | Should -Be '5.1'
        $manifest.Version | Should -BeGreaterThan ([version] '1.0.0.34')
    }
}

Describe 'The import' {
    It 'finds the module by its name, in a strict session that stops at errors, and says nothing' {
        $run = Invoke-Shell -Script @'
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$said = Import-Module DattoRMM *>&1
'said: {0}' -f @($said).Count
'errors: {0}' -f $Error.Count
$module = Get-Module DattoRMM
'{0} {1} {2}' -f $module.Version, $module.ModuleType, @($module.NestedModules).Count
try { Get-DrmmSystemStatus } catch { $_.FullyQualifiedErrorId }
'@

        $run.Errors | Should -BeNullOrEmpty
        $run.Output -split '\n' | Should -Be @(
            'said: 0', 'errors: 0', "$($declared.ModuleVersion) Binary 0"
            'DrmmNotConnected,DattoRMM.Commands.GetDrmmSystemStatusCommand')
        $run.ExitCode | Should -Be 0
    }

    It 'happens by itself when a command is called' {
        $run = Invoke-Shell -Script '(Get-Command Get-DrmmDevice).Version.ToString(); (Get-Help Get-DrmmDevice).Name'

        "$($run.Errors)|$($run.Output)" | Should -Be "|$($declared.ModuleVersion)`nGet-DrmmDevice"
    }

    It 'takes this module where the one that it replaces is installed too' {
        $old = [IO.Path]::Combine($TestDrive, 'modules', 'DattoRMM', '1.0.0.34')
        [void] (New-Item -ItemType Directory $old)
        Set-Content (Join-Path $old 'DattoRMM.psm1') 'function Get-DrmmDevice { "the old one" }'
        New-ModuleManifest (Join-Path $old 'DattoRMM.psd1') -RootModule DattoRMM.psm1 -ModuleVersion 1.0.0.34 `
            -FunctionsToExport Get-DrmmDevice
        $new = [IO.Path]::Combine($TestDrive, 'modules', 'DattoRMM', $declared.ModuleVersion)
        Copy-Item (Split-Path (Get-ModulePath)) $new -Recurse
        $path = Join-Path $TestDrive 'modules'

        $run = Invoke-Shell -Variables @{ PSModulePath = $path } -Script @'
Import-Module DattoRMM
"$((Get-Module DattoRMM).Version)"
Remove-Module DattoRMM
Import-Module DattoRMM -RequiredVersion 1.0.0.34
Get-DrmmDevice
'@

        "$($run.Errors)|$($run.Output)" | Should -Be "|$($declared.ModuleVersion)`nthe old one"
    }

    It 'works again after the module was removed' {
        $run = Invoke-Shell -Script @'
Import-Module DattoRMM
Remove-Module DattoRMM
'left: {0}' -f @(Get-Module DattoRMM).Count
Import-Module DattoRMM
(Get-Command Get-DrmmDevice).CommandType
'@

        "$($run.Errors)|$($run.Output)" | Should -Be "|left: 0`nCmdlet"
    }
}

Describe 'The exported surface' {
    It 'is what the manifest lists, and cmdlets only' {
        $exported = Get-Command -Module DattoRMM

        @($exported | Where-Object CommandType -eq Cmdlet).Name | Sort-Object |
            Should -Be @($declared.CmdletsToExport | Sort-Object)
        @($exported | Where-Object CommandType -eq Alias).Name | Should -Be $declared.AliasesToExport
        @($exported | Where-Object CommandType -notin Cmdlet, Alias) | Should -BeNullOrEmpty
        (Get-Module DattoRMM).ExportedVariables.Count | Should -Be 0
    }

    It 'has an approved verb and names no command of PowerShell: <Name>' -ForEach $commands {
        $verb, $noun = $Name -split '-'

        (Get-Verb).Verb | Should -Contain $verb
        Get-Command $Name -All | Where-Object Source -ne DattoRMM | Should -BeNullOrEmpty
        $noun | Should -Not -BeNullOrEmpty
    }

    It 'asks before it writes, and not before it reads: <Name>' -ForEach $commands {
        $parameters = (Get-Command $Name).Parameters

        $writes = $Name -match '^(Set|New|Remove|Move|Resolve|Start|Reset)-Drmm'
        # These may do either; the last two only say that alerts are muted no more.
        $writes = $writes -or $Name -in 'Invoke-DrmmApi', 'New-ApiRequest'
        $writes = $writes -and $Name -notin 'Set-DrmmAlertMute', 'Set-DrmmAlertUnmute'

        $parameters.ContainsKey('WhatIf') | Should -Be $writes
    }
}
