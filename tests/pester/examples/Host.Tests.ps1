# The template that goes on in a 64-bit host.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $relay = Get-Example 'Component-64Bit.ps1'
}

Describe 'The component that goes on in another host' {
    It 'passes on environment, output and exit code' {
        # The host that runs this stands for the 64-bit one: it is the same way to another process.
        $script = Join-Path $TestDrive 'relay.ps1'
        Set-Content $script ((Get-Content $relay -Raw) -replace 'exit 0', 'exit 3')

        $run = Invoke-ScriptFile $script '-In', (Get-Process -Id $PID).Path @{ CS_PROFILE_NAME = 'Acme' }

        $run.Output | Should -Be "64-bit process: $([Environment]::Is64BitProcess)`nSite: Acme"
        $run.ExitCode | Should -Be 3
    }

    It 'stays where it is in a 64-bit process' -Skip:(-not [Environment]::Is64BitProcess) {
        $run = Invoke-ScriptFile $relay @() @{ CS_PROFILE_NAME = 'Acme' }

        $run.Output | Should -Be "64-bit process: True`nSite: Acme"
        $run.ExitCode | Should -Be 0
    }

    It 'goes on in the 64-bit Windows PowerShell by itself' -Skip:([Environment]::Is64BitProcess) {
        $run = Invoke-ScriptFile $relay @() @{ CS_PROFILE_NAME = 'Acme' }

        $run.Output | Should -Be "64-bit process: True`nSite: Acme"
        $run.ExitCode | Should -Be 0
    }

    It 'chooses by the bits of system and process: <System>, <Process>' -ForEach @(
        @{ System = 64; Process = 32; Moves = $true }
        @{ System = 64; Process = 64; Moves = $false }
        @{ System = 32; Process = 32; Moves = $false }
    ) {
        # No process is all of them, so what the script asks is replaced in its own expression.
        $tree = [Management.Automation.Language.Parser]::ParseFile($relay, [ref] $null, [ref] $null)
        $parameter = @($tree.ParamBlock.Parameters | Where-Object { "$($_.Name)" -eq '$In' })[0]
        $text = $parameter.DefaultValue.Extent.Text.
            Replace('[Environment]::Is64BitOperatingSystem', '($System -eq 64)').
            Replace('[Environment]::Is64BitProcess', '($Process -eq 64)')
        $former = $env:SystemRoot
        $env:SystemRoot = $TestDrive
        try {
            $chosen = & ([scriptblock]::Create($text))
        }
        finally {
            $env:SystemRoot = $former
        }

        $text | Should -Not -Match 'Environment'
        $expected = Join-Path $TestDrive 'Sysnative\WindowsPowerShell\v1.0\powershell.exe'
        $chosen | Should -Be $(if ($Moves) { $expected })
    }
}
