# The commands of the gallery module, 1.0.0.34, as scripts call them: names, parameters, places. What they send and give
# is tested in tests/engine/Gallery.

BeforeDiscovery {
    $file = [IO.Path]::Combine($PSScriptRoot, '..', 'engine', 'Data', 'gallery-surface.json')
    $facts = Get-Content $file -Raw -Encoding UTF8 | ConvertFrom-Json
    $commands = @($facts.commands | ForEach-Object { @{ Name = $_.name; Expected = $_ } })
    $aliases = @($facts.aliases.PSObject.Properties | ForEach-Object { @{ Name = $_.Name; Command = $_.Value } })
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    Import-Module (Get-ModulePath) -Force

    function Resolve-Name([string] $Name) {
        $command = Get-Command $Name -Module DattoRMM
        if ($command.CommandType -eq 'Alias') { $command.ResolvedCommand } else { $command }
    }
}

Describe 'A command of the gallery module' {
    It 'is there with its parameters: <Name>' -ForEach $commands {
        $command = Resolve-Name $Name

        $command.Parameters.Keys | Should -Contain 'ErrorAction'
        foreach ($parameter in $Expected.parameters) {
            $actual = $command.ResolveParameter($parameter.name)
            $actual.Name | Should -Be $parameter.name
            $actual.SwitchParameter | Should -Be ($parameter.type -like '*SwitchParameter')
            $sets = @($actual.ParameterSets.Values)
            $places = @($sets | ForEach-Object { if ($_.Position -ge 0) { $_.Position } else { 'named' } })
            $place = if ($null -eq $parameter.position) { 'named' } else { $parameter.position }
            $places | Should -Contain $place
            if ($parameter.fromPipeline) {
                $sets.ValueFromPipeline | Should -Contain $true
            }
            if (@($parameter.sets.PSObject.Properties.Value) -notcontains $true) {
                $sets.IsMandatory | Should -Not -Contain $true
            }
        }
    }

    It 'takes every value that it took: <Name>' -ForEach @($commands | Where-Object { $_.Expected.parameters.values }) {
        $command = Resolve-Name $Name

        foreach ($parameter in $Expected.parameters | Where-Object { $_.values }) {
            $allowed = @($command.Parameters[$parameter.name].Attributes |
                    Where-Object { $_ -is [Management.Automation.ValidateSetAttribute] })
            foreach ($value in $parameter.values) {
                if ($allowed) {
                    $allowed[0].ValidValues | Should -Contain $value
                }
            }
        }
    }

    It 'has its alias: <Name>' -ForEach $aliases {
        (Resolve-Name $Name).ImplementingType | Should -Be (Resolve-Name $Command).ImplementingType
    }
}
