<#
.SYNOPSIS
Connects with a key and a secret from a vault of SecretManagement.

.DESCRIPTION
Once, at a prompt, as the account that your scripts run as, since a SecretStore belongs to one user: put the API key and
its secret into a vault, as user name and password:

  Install-Module Microsoft.PowerShell.SecretManagement, Microsoft.PowerShell.SecretStore -Scope CurrentUser
  Register-SecretVault -Name Store -ModuleName Microsoft.PowerShell.SecretStore -DefaultVault
  Set-SecretStoreConfiguration -Authentication None -Interaction None
  Set-Secret -Name DattoRMM -Secret (Get-Credential)

Then call this from your scripts. Any vault will do: SecretStore, Azure Key Vault, KeePass. No script holds the secret.

Without the third line a SecretStore asks for its password, at which a scheduled task hangs or fails; leave it out where
somebody is there to answer. With it nothing asks. The secrets are still encrypted, but the key lies in the profile of
that account: whatever runs as it, and whoever can read its files, as administrators of the machine can, can read them.
So give the task an account of its own, and the API key a user with no more rights than the task needs; or take a vault
that knows the account by itself, such as Azure Key Vault with a managed identity.

.EXAMPLE
./Connect-WithSecretManagement.ps1 -Platform pinotage; Get-DrmmSite
#>
#Requires -Version 5.1
[CmdletBinding()]
param(
    # The name of the secret, a credential.
    [string] $SecretName = 'DattoRMM',

    # The vault; all of them if it is not given.
    [string] $Vault = '',

    # The platform's name; without it the environment says where.
    [string] $Platform = '',

    # The API's URL in place of a platform's name, such as a simulator's.
    [string] $Url = ''
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module DattoRMM
$from = @{ Name = $SecretName }
if ($Vault) {
    $from.Vault = $Vault
}
$credential = Get-Secret @from
if ($credential -isnot [pscredential]) {
    throw "The secret '$SecretName' is no credential. Save one: Set-Secret -Name $SecretName -Secret (Get-Credential)"
}
$connection = @{ Credential = $credential }
foreach ($name in 'Platform', 'Url') {
    if ($PSBoundParameters[$name]) {
        $connection[$name] = $PSBoundParameters[$name]
    }
}
Connect-DrmmApi @connection
