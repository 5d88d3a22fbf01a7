@{
    RootModule        = 'EmptyModule.dll'
    ModuleVersion     = '1.0.0'
    GUID              = '2f5c1d0e-6a57-4c55-9d5b-0c6a0f6d1a34'
    FunctionsToExport = @()
    CmdletsToExport   = 'Get-Nothing'
    VariablesToExport = @()
    AliasesToExport   = @()
}
