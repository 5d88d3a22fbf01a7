# Runs those examples of the help that need commands which the PowerShell engine alone does not have, each with a
# simulator of its own; tests/engine/ExampleTests.cs runs the others.

BeforeDiscovery {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    Import-Module (Get-ModulePath) -Force
    $examples = foreach ($command in Get-Command -Module DattoRMM -CommandType Cmdlet) {
        foreach ($example in (Get-Help $command.Name).examples.example) {
            $script = [Management.Automation.Language.Parser]::ParseInput($example.code, [ref] $null, [ref] $null)
            $isCommand = { $args[0] -is [Management.Automation.Language.CommandAst] }
            $used = $script.FindAll($isCommand, $true) | ForEach-Object { $_.GetCommandName() }
            $others = $used | Where-Object { (Get-Command $_).Source -notin 'DattoRMM', 'Microsoft.PowerShell.Core' }
            if ($others) {
                @{ Command = $command.Name; Code = $example.code }
            }
        }
    }
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
}

Describe 'The examples of the help' {
    BeforeEach {
        # Some write files.
        Push-Location $TestDrive
        $sim = Start-Simulator '--devices 30 --sites 3 --job-ms 0'
        $url = $sim.url
        $secret = ConvertTo-SecureString $sim.secret -AsPlainText -Force
        $credential = [Management.Automation.PSCredential]::new($sim.key, $secret)
        $device = @(Get-DrmmDevice | Where-Object { $_.online -and $_.deviceClass -eq 'device' })[0]
        $deviceUid = $device.uid
        $siteUid = $device.siteUid
        $alertUid = @(Get-DrmmAlert)[0].alertUid
        $variableId = @(Get-DrmmVariable)[0].id
        $componentUid = @(Get-DrmmComponent)[0].uid
        $jobUid = (Start-DrmmQuickJob -DeviceUid $deviceUid -Component $componentUid).job.uid
    }

    AfterEach {
        Stop-Simulator $sim
        Pop-Location
    }

    It 'work: <Command>: <Code>' -ForEach $examples {
        $ErrorActionPreference = 'Stop'

        { & ([scriptblock]::Create($Code)) } | Should -Not -Throw
    }
}
