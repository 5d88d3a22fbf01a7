namespace DattoRMM.Tests.Coverage;

/// <summary>Which commands make an operation, and where that is tested.</summary>
/// <param name="Operation">Method and path, as the API's description has them.</param>
/// <param name="Primary">A script with the primary command.</param>
/// <param name="Gallery">A script with the gallery module's command, or null if it had none that sent it.</param>
/// <param name="Test">The class of the tests about the primary command.</param>
/// <param name="Also">Other operations that one of the scripts needs.</param>
/// <param name="Note">What there is to say about it, or null.</param>
public sealed record CoverageRow(
    string Operation, string Primary, string? Gallery, string Test, string? Also = null, string? Note = null)
{
    private const string Mute =
        "The API no longer mutes alerts as it did, though its description lists the operation, so there is no command "
        + "that would promise it; Set-DrmmAlertMute and Set-DrmmAlertUnmute throw with the reason, as in the gallery "
        + "module.";

    /// <summary>A row for each operation.</summary>
    public static IReadOnlyList<CoverageRow> All { get; } =
    [
        new("GET /v2/account", "Get-DrmmAccount", "Get-DrmmAccount", "AccountTests"),
        new(
            "GET /v2/account/alerts/open",
            "Get-DrmmAlert", "Get-DrmmAccountAlertsOpen", "AlertTests"),
        new(
            "GET /v2/account/alerts/resolved",
            "Get-DrmmAlert -Status Resolved", "Get-DrmmAccountAlertsResolved", "AlertTests"),
        new("GET /v2/account/components", "Get-DrmmComponent", "Get-DrmmAccountComponents", "ComponentTests"),
        new("GET /v2/account/devices", "Get-DrmmDevice", "Get-DrmmAccountDevices", "DeviceTests"),
        new("GET /v2/account/dnet-site-mappings", "Get-DrmmSiteMapping", null, "SiteMappingTests"),
        new("GET /v2/account/sites", "Get-DrmmSite", "Get-DrmmAccountSites", "SiteTests"),
        new("GET /v2/account/users", "Get-DrmmUser", "Get-DrmmAccountUsers", "UserTests"),
        new(
            "PUT /v2/account/variable",
            "New-DrmmVariable -Name level -Value 5", "New-DrmmAccountVariable level 5", "VariableTests"),
        new(
            "DELETE /v2/account/variable/{variableId}",
            "Remove-DrmmVariable -VariableId $variableId", "Remove-DrmmAccountVariable $variableId", "VariableTests"),
        new(
            "POST /v2/account/variable/{variableId}",
            "Set-DrmmVariable -VariableId $variableId -NewName level -Value 5",
            "Set-DrmmAccountVariable $variableId level 5", "VariableTests"),
        new("GET /v2/account/variables", "Get-DrmmVariable", "Get-DrmmAccountVariables", "VariableTests"),
        new("GET /v2/activity-logs", "Get-DrmmActivityLog", "Get-DrmmActivityLogs", "ActivityLogTests"),
        new("GET /v2/alert/{alertUid}", "Get-DrmmAlert -AlertUid $alertUid", "Get-DrmmAlert $alertUid", "AlertTests"),
        new(
            "POST /v2/alert/{alertUid}/mute",
            "Invoke-DrmmApi v2/alert/$alertUid/mute -Method POST", null, "RequestTests", Note: Mute),
        new(
            "POST /v2/alert/{alertUid}/resolve",
            "Resolve-DrmmAlert -AlertUid $alertUid", "Set-DrmmAlertResolve $alertUid", "AlertTests"),
        new(
            "POST /v2/alert/{alertUid}/unmute",
            "Invoke-DrmmApi v2/alert/$alertUid/unmute -Method POST", null, "RequestTests", Note: Mute),
        new(
            "GET /v2/audit/device/macAddress/{macAddress}",
            "Get-DrmmDeviceAudit -MacAddress $macAddress", null, "AuditTests"),
        new(
            "GET /v2/audit/device/{deviceUid}",
            "$device | Get-DrmmDeviceAudit", "Get-DrmmAuditDevice $deviceUid", "AuditTests"),
        new(
            "GET /v2/audit/device/{deviceUid}/software",
            "Get-DrmmDeviceSoftware -DeviceUid $deviceUid", "Get-DrmmAuditDeviceSoftware $deviceUid", "AuditTests"),
        new(
            "GET /v2/audit/esxihost/{deviceUid}",
            "$esxiHost | Get-DrmmDeviceAudit", "Get-DrmmAuditESXi $esxiHost.uid", "AuditTests"),
        new(
            "GET /v2/audit/printer/{deviceUid}",
            "$printer | Get-DrmmDeviceAudit", "Get-DrmmAuditPrinter $printer.uid", "AuditTests"),
        new("GET /v2/device/id/{deviceId}", "Get-DrmmDevice -DeviceId $device.id", null, "DeviceTests"),
        new(
            "GET /v2/device/macAddress/{macAddress}",
            "Get-DrmmDevice -MacAddress $macAddress", null, "DeviceTests"),
        new(
            "GET /v2/device/{deviceUid}",
            "Get-DrmmDevice -DeviceUid $deviceUid", "Get-DrmmDevice $deviceUid", "DeviceTests"),
        new(
            "GET /v2/device/{deviceUid}/alerts/open",
            "Get-DrmmAlert -DeviceUid $deviceUid", "Get-DrmmDeviceOpenAlerts $deviceUid", "AlertTests"),
        new(
            "GET /v2/device/{deviceUid}/alerts/resolved",
            "Get-DrmmAlert -DeviceUid $deviceUid -Status Resolved",
            "Get-DrmmDeviceResolvedAlerts $deviceUid", "AlertTests"),
        new(
            "GET /v2/device/{deviceUid}/patches",
            "Get-DrmmPatch -DeviceUid $deviceUid", null, "PatchTests"),
        new(
            "PUT /v2/device/{deviceUid}/quickjob",
            "Start-DrmmQuickJob -DeviceUid $deviceUid -JobName test -Component $componentUid",
            "Set-DrmmDeviceQuickJob -deviceUid $deviceUid -jobName test -ComponentName $componentName",
            "QuickJobTests", Also: "GET /v2/account/components"),
        new(
            "PUT /v2/device/{deviceUid}/site/{siteUid}",
            "Move-DrmmDevice -DeviceUid $deviceUid -SiteUid $siteUid",
            "Move-DrmmDeviceToSite $deviceUid $siteUid", "MoveDeviceTests"),
        new(
            "POST /v2/device/{deviceUid}/udf",
            "Set-DrmmDeviceUdf -DeviceUid $deviceUid -Udf @{ 31 = 'x' }",
            "Set-DrmmDeviceUdf $deviceUid -udf5 x", "DeviceUdfTests"),
        new(
            "POST /v2/device/{deviceUid}/warranty",
            "Set-DrmmDeviceWarranty -DeviceUid $deviceUid -Clear",
            "Set-DrmmDeviceWarranty $deviceUid 2031-05-31", "DeviceWarrantyTests"),
        new("GET /v2/filter/custom-filters", "Get-DrmmFilter -Custom", "Get-DrmmCustomFilters", "FilterTests"),
        new("GET /v2/filter/default-filters", "Get-DrmmFilter -Default", "Get-DrmmDefaultFilters", "FilterTests"),
        new("GET /v2/job/{jobUid}", "Get-DrmmJob -JobUid $jobUid", "Get-DrmmJobStatus $jobUid", "JobTests"),
        new("GET /v2/job/{jobUid}/components", "Get-DrmmJobComponent -JobUid $jobUid", null, "JobTests"),
        new(
            "GET /v2/job/{jobUid}/results/{deviceUid}",
            "Get-DrmmJobResult -JobUid $jobUid -DeviceUid $deviceUid",
            "Get-DrmmJobResults $jobUid $deviceUid", "JobTests"),
        new(
            "GET /v2/job/{jobUid}/results/{deviceUid}/stderr",
            "Get-DrmmJobOutput -JobUid $jobUid -DeviceUid $deviceUid -Stream StdErr",
            "Get-DrmmJobResults $jobUid $deviceUid StdErr", "JobTests"),
        new(
            "GET /v2/job/{jobUid}/results/{deviceUid}/stdout",
            "Get-DrmmJobOutput -JobUid $jobUid -DeviceUid $deviceUid -Stream StdOut",
            "Get-DrmmJobResults $jobUid $deviceUid StdOut", "JobTests"),
        new("PUT /v2/site", "New-DrmmSite -SiteName new", "New-DrmmSite new", "SiteWriteTests"),
        new("GET /v2/site/{siteUid}", "Get-DrmmSite -SiteUid $siteUid", "Get-DrmmSite $siteUid", "SiteTests"),
        new(
            "POST /v2/site/{siteUid}",
            "Set-DrmmSite -SiteUid $siteUid -SiteDescription new", "Set-DrmmSite $siteUid new", "SiteWriteTests",
            Also: "GET /v2/site/{siteUid}"),
        new(
            "GET /v2/site/{siteUid}/alerts/open",
            "Get-DrmmAlert -SiteUid $siteUid", "Get-DrmmSiteOpenAlerts $siteUid", "AlertTests"),
        new(
            "GET /v2/site/{siteUid}/alerts/resolved",
            "Get-DrmmAlert -SiteUid $siteUid -Status Resolved", "Get-DrmmSiteResolvedAlerts $siteUid", "AlertTests"),
        new(
            "GET /v2/site/{siteUid}/devices",
            "Get-DrmmDevice -SiteUid $siteUid", "Get-DrmmSiteDevices $siteUid", "DeviceTests"),
        new(
            "GET /v2/site/{siteUid}/devices/network-interface",
            "Get-DrmmNetworkInterface -SiteUid $siteUid",
            "Get-DrmmSiteDeviceNetworkInterfaces $siteUid", "NetworkInterfaceTests"),
        new("GET /v2/site/{siteUid}/filters", "Get-DrmmFilter -SiteUid $siteUid", null, "FilterTests"),
        new("GET /v2/site/{siteUid}/patches", "Get-DrmmPatch -SiteUid $siteUid", null, "PatchTests"),
        new(
            "GET /v2/site/{siteUid}/settings",
            "Get-DrmmSiteSetting -SiteUid $siteUid", "Get-DrmmSiteSettings $siteUid", "SiteSettingTests"),
        new(
            "DELETE /v2/site/{siteUid}/settings/proxy",
            "Remove-DrmmSiteProxy -SiteUid $siteUid", "Remove-DrmmSiteProxy $siteUid", "SiteSettingTests"),
        new(
            "POST /v2/site/{siteUid}/settings/proxy",
            "Set-DrmmSiteProxy -SiteUid $siteUid -ProxyHost proxy.example -ProxyPort 8080 -ProxyType http",
            "Set-DrmmSiteProxy $siteUid proxy.example 8080 http", "SiteSettingTests"),
        new(
            "PUT /v2/site/{siteUid}/variable",
            "New-DrmmVariable -SiteUid $siteUid -Name level -Value 5",
            "New-DrmmSiteVariable $siteUid level 5", "VariableTests"),
        new(
            "DELETE /v2/site/{siteUid}/variable/{variableId}",
            "Remove-DrmmVariable -SiteUid $siteUid -VariableId $siteVariableId",
            "Remove-DrmmSiteVariable $siteUid $siteVariableId", "VariableTests"),
        new(
            "POST /v2/site/{siteUid}/variable/{variableId}",
            "Set-DrmmVariable -SiteUid $siteUid -VariableId $siteVariableId -NewName level -Value 5",
            "Set-DrmmSiteVariable $siteUid $siteVariableId level 5", "VariableTests"),
        new(
            "GET /v2/site/{siteUid}/variables",
            "Get-DrmmVariable -SiteUid $siteUid", "Get-DrmmSiteVariables $siteUid", "VariableTests"),
        new(
            "GET /v2/system/pagination", "Invoke-DrmmApi v2/system/pagination", null, "RequestTests",
            Note: "It tells the largest page, which the client knows and asks for by itself; nobody needs a command."),
        new("GET /v2/system/request_rate", "Get-DrmmQuota", null, "QuotaTests"),
        new("GET /v2/system/status", "Get-DrmmSystemStatus", null, "SystemTests"),
        new("POST /v2/user/resetApiKeys", "Reset-DrmmApiKey", null, "SystemTests"),
        new("GET /v3/account/devices", "Get-DrmmDevice -TypedUdf", null, "DeviceTests"),
        new("GET /v3/device/id/{deviceId}", "Get-DrmmDevice -DeviceId $device.id -TypedUdf", null, "DeviceTests"),
        new(
            "GET /v3/device/macAddress/{macAddress}",
            "Get-DrmmDevice -MacAddress $macAddress -TypedUdf", null, "DeviceTests"),
        new("GET /v3/device/{deviceUid}", "Get-DrmmDevice -DeviceUid $deviceUid -TypedUdf", null, "DeviceTests"),
        new(
            "POST /v3/device/{deviceUid}/udf",
            "Set-DrmmDeviceUdf -DeviceUid $deviceUid -Udf @{ 5 = 1.5 } -Typed", null, "DeviceUdfTests"),
        new(
            "GET /v3/site/{siteUid}/devices",
            "Get-DrmmDevice -SiteUid $siteUid -TypedUdf", null, "DeviceTests"),
    ];

    /// <summary>The command that a script calls.</summary>
    public static string Command(string script) => script.Split(" | ")[^1].Split(' ')[0];
}
