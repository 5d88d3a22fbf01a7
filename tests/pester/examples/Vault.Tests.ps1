# Connecting with a credential from a vault.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $sim = Start-ExampleSimulator
    $login = Get-Login $sim
    # Scripts import the module by its name, so its folder is on the module path.
    $formerPath = Add-ModulePath
}

AfterAll {
    $env:PSModulePath = $formerPath
    Stop-Simulator $sim
}

Describe 'A vault' {
    # SecretManagement is not needed: this function stands for its command, which takes the same parameters.
    BeforeAll {
        function Get-Secret([string] $Name, [string] $Vault) {
            if ("$Vault/$Name" -eq 'Store/DattoRMM') { $login.Credential } else { 'text' }
        }
        $connect = Get-Example 'Connect-WithSecretManagement.ps1'
    }

    It 'gives the credential to connect with' {
        Disconnect-DrmmApi

        & $connect -Vault Store -Url $sim.url

        (Get-DrmmAccount).uid | Should -Not -BeNullOrEmpty
    }

    It 'is told when the secret is no credential' {
        { & $connect -SecretName other -Url $sim.url } | Should -Throw '*no credential*'
    }

    It 'is set up for scheduled tasks with the lines of the documentation' {
        $document = Get-Content ([IO.Path]::Combine((Get-Checkout), 'docs', 'getting-started.md')) -Raw -Encoding UTF8
        $lines = @([regex]::Match($document, '(?m)^Install-Module (.*\n)+?(?=```)').Value.Trim() -split '\r?\n')
        $help = @((Get-Help $connect).description.Text) -join ' '

        $lines.Count | Should -Be 4
        $lines[2] | Should -Be 'Set-SecretStoreConfiguration -Authentication None -Interaction None'
        # In 5.1 too: it has no Install-PSResource.
        $help -replace '\s+', ' ' | Should -BeLike "*: $($lines -join ' ') Then *"
    }
}
