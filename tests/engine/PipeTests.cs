using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>Pipes from one kind of object to another, to their end.</summary>
public sealed class PipeTests() : EngineTest("--devices 60 --sites 6 --udfs 300")
{
    [Fact]
    public void Sites_by_name_lead_to_their_devices()
    {
        Engine.Run("""
            $some = (Get-DrmmSite)[0, 1]
            $pattern = "$($some[0].name.Substring(0, 3))*"
            $expected = (Get-DrmmDevice).Where({ $_.siteName -like $pattern }).uid
            """);

        Assert.NotEmpty(Engine.Run("$expected"));
        Assert.Equal(
            Engine.Invoke("$expected").Texts.Order(),
            Engine.Invoke("(Get-DrmmSite -Name $pattern | Get-DrmmDevice).uid").Well().Texts.Order());
    }

    [Fact]
    public void Rows_of_a_table_become_fields_of_devices_which_come_back_typed()
    {
        Engine.Run("""
            $uids = (Get-DrmmDevice).uid[0..9]
            $rows = 0..9 | ForEach-Object { [pscustomobject]@{ deviceUid = $uids[$_]; udf31 = "row $_"; udf40 = '' } }
            $rows | Set-DrmmDeviceUdf -ThrottleLimit 4
            """);

        Assert.Equal(
            Enumerable.Range(0, 10).Select(row => $"row {row}"), Engine.Invoke("($uids | Get-DrmmDevice).udf.udf31").Texts);
        Assert.Equal(
            Enumerable.Range(0, 10).Select(row => $"row {row}"),
            Engine.Invoke("""
                ($uids | Get-DrmmDevice -TypedUdf).udfs | Where-Object ordinal -EQ 31 | ForEach-Object valueString
                """).Texts);
    }

    [Fact]
    public void Devices_of_one_site_are_moved_to_another_and_their_interfaces_are_found_there()
    {
        Engine.Run("""
            $from, $to = (Get-DrmmSite)[0, 1]
            $moved = Get-DrmmDevice -SiteUid $from
            $moved | Move-DrmmDevice -SiteUid $to
            """);

        Assert.NotEmpty(Engine.Run("$moved"));
        Assert.Empty(Engine.Run("$from | Get-DrmmDevice"));
        Assert.Equal(
            Engine.Invoke("$moved.ForEach{ $to.uid }").Texts,
            Engine.Invoke("($moved | Get-DrmmNetworkInterface).siteUid").Well().Texts);
    }

    [Fact]
    public void Sites_get_a_proxy_show_it_and_lose_it()
    {
        Engine.Run("""
            $sites = Get-DrmmSite -ExcludeDeleted
            $null = $sites | Set-DrmmSiteProxy -ProxyHost p.example -ProxyPort 3128 -ProxyType socks5
            """);

        Assert.Equal(
            Engine.Invoke("$sites.uid").Texts,
            Engine.Invoke("""
                ($sites | Get-DrmmSiteSetting | Where-Object { $_.proxySettings.host -eq 'p.example' }).siteUid
                """).Texts);
        Assert.Empty(Engine.Run("""
            $sites | Remove-DrmmSiteProxy
            $sites | Get-DrmmSiteSetting | Where-Object { $_.proxySettings }
            """));
    }
}
