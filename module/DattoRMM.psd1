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
    # With commas it is one value; without, each line is a statement that every import compiles.
    CmdletsToExport        = @(
        'Add-DrmmAlertMessage',
        'Connect-DrmmApi',
        'ConvertTo-DrmmFlatObject',
        'Disconnect-DrmmApi',
        'Get-DevicesNeedingReboot',
        'Get-DrmmAccount',
        'Get-DrmmAccountAlertsOpen',
        'Get-DrmmAccountAlertsResolved',
        'Get-DrmmAccountComponents',
        'Get-DrmmAccountDevices',
        'Get-DrmmAccountSites',
        'Get-DrmmAccountUsers',
        'Get-DrmmAccountVariables',
        'Get-DrmmActivityLog',
        'Get-DrmmActivityLogs',
        'Get-DrmmAlert',
        'Get-DrmmAuditDevice',
        'Get-DrmmAuditDeviceSoftware',
        'Get-DrmmAuditESXi',
        'Get-DrmmAuditPrinter',
        'Get-DrmmComponent',
        'Get-DrmmCustomFilters',
        'Get-DrmmDefaultFilters',
        'Get-DrmmDevice',
        'Get-DrmmDeviceAudit',
        'Get-DrmmDeviceOpenAlerts',
        'Get-DrmmDeviceResolvedAlerts',
        'Get-DrmmDeviceSoftware',
        'Get-DrmmFilter',
        'Get-DrmmJob',
        'Get-DrmmJobComponent',
        'Get-DrmmJobOutput',
        'Get-DrmmJobResult',
        'Get-DrmmJobResults',
        'Get-DrmmJobStatus',
        'Get-DrmmNetworkInterface',
        'Get-DrmmPatch',
        'Get-DrmmQuota',
        'Get-DrmmSite',
        'Get-DrmmSiteDeviceNetworkInterfaces',
        'Get-DrmmSiteDevices',
        'Get-DrmmSiteMapping',
        'Get-DrmmSiteOpenAlerts',
        'Get-DrmmSiteResolvedAlerts',
        'Get-DrmmSiteSetting',
        'Get-DrmmSiteSettings',
        'Get-DrmmSiteVariables',
        'Get-DrmmSystemStatus',
        'Get-DrmmUser',
        'Get-DrmmVariable',
        'Invoke-DrmmApi',
        'Move-DrmmDevice',
        'Move-DrmmDeviceToSite',
        'New-ApiAccessToken',
        'New-ApiRequest',
        'New-DrmmAccountVariable',
        'New-DrmmSite',
        'New-DrmmSiteVariable',
        'New-DrmmVariable',
        'Remove-DrmmAccountVariable',
        'Remove-DrmmSiteProxy',
        'Remove-DrmmSiteVariable',
        'Remove-DrmmVariable',
        'Reset-DrmmApiKey',
        'Resolve-DrmmAlert',
        'Set-DrmmAccountVariable',
        'Set-DrmmAlertMute',
        'Set-DrmmAlertResolve',
        'Set-DrmmAlertUnmute',
        'Set-DrmmDeviceQuickJob',
        'Set-DrmmDeviceUdf',
        'Set-DrmmDeviceWarranty',
        'Set-DrmmSite',
        'Set-DrmmSiteProxy',
        'Set-DrmmSiteVariable',
        'Set-DrmmVariable',
        'Start-DrmmQuickJob'
    )

    PrivateData            = @{
        PSData = @{
            Tags         = 'Datto', 'RMM', 'DattoRMM', 'AEM', 'CentraStage', 'Autotask', 'MSP'
            ProjectUri   = 'https://github.com/datto-rmm/DattoRMM'
            LicenseUri   = 'https://github.com/datto-rmm/DattoRMM/blob/main/LICENSE'
            ReleaseNotes = 'Takes the place of the module of this name, 1.0.0.34, and runs its scripts; what is different is in https://github.com/datto-rmm/DattoRMM/blob/main/docs/migration.md. All changes: https://github.com/datto-rmm/DattoRMM/blob/main/CHANGELOG.md'
        }
    }
}
