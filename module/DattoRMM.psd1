@{
    RootModule             = 'DattoRMM.dll'
    ModuleVersion          = '2.0.0'

    # That of the module of this name on the PowerShell Gallery, which this one replaces.
    GUID                   = '8437f0d7-b5e3-46ec-b671-10e1e51b3d6f'

    Author                 = 'The DattoRMM authors'
    CompanyName            = 'Unknown'
    Copyright              = '(c) The DattoRMM authors. MIT license.'
    Description            = 'Datto RMM from PowerShell: devices, sites, alerts and every other operation of its API, within the account''s request quota.'

    PowerShellVersion      = '5.1'
    DotNetFrameworkVersion = '4.7.2'
    CompatiblePSEditions   = 'Desktop', 'Core'

    # Before the types: their methods are in it.
    RequiredAssemblies     = 'DattoRMM.dll'
    TypesToProcess         = 'DattoRMM.Types.ps1xml'
    FormatsToProcess       = 'DattoRMM.Format.ps1xml'

    FunctionsToExport      = @()
    VariablesToExport      = @()
    AliasesToExport        = 'Set-DrmmApiParameters'
    CmdletsToExport        = @(
        'Connect-DrmmApi'
        'Disconnect-DrmmApi'
        'Get-DrmmAccount'
        'Get-DrmmAccountAlertsOpen'
        'Get-DrmmAccountDevices'
        'Get-DrmmAccountSites'
        'Get-DrmmAlert'
        'Get-DrmmDevice'
        'Get-DrmmQuota'
        'Get-DrmmSite'
        'Get-DrmmSiteDevices'
        'Invoke-DrmmApi'
        'New-ApiRequest'
        'Resolve-DrmmAlert'
        'Set-DrmmAlertResolve'
    )

    PrivateData            = @{
        PSData = @{
            Tags = 'Datto', 'RMM', 'DattoRMM', 'AEM', 'CentraStage', 'Autotask', 'MSP'
        }
    }
}
