using System.Management.Automation;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

public sealed class MoveDeviceTests : EngineTest
{
    public MoveDeviceTests()
        : base("--devices 30 --sites 3")
    {
        Engine.Run("""
            $sites = Get-DrmmSite; $site = $sites[1]; $siteUid = $site.uid
            $devices = Get-DrmmDevice -SiteUid $sites[0]; $device = $devices[0]; $uid = $device.uid
            """);
        Sim.Reset();
    }

    [Theory]
    [InlineData("Move-DrmmDevice $uid $siteUid")]
    [InlineData("Move-DrmmDevice -DeviceUid $uid -SiteUid $siteUid")]
    [InlineData("Move-DrmmDevice $device $site")]
    [InlineData("$device | Move-DrmmDevice -SiteUid $siteUid")]
    [InlineData("$uid | Move-DrmmDevice -SiteUid $site")]
    [InlineData("[pscustomobject]@{ deviceUid = $uid; siteUid = 'ignored' } | Move-DrmmDevice -SiteUid $site")]
    public void A_device_is_moved_and_nothing_comes_out(string script)
    {
        Assert.Empty(Engine.Run(script));

        AssertMoved();
    }

    [Theory]
    [InlineData("Move-DrmmDeviceToSite $uid $siteUid")]
    [InlineData("Move-DrmmDeviceToSite -siteUid $site -deviceUid $device")]
    public void The_gallerys_move_gives_the_answers_text(string script)
    {
        Assert.Equal("", Text(script));

        AssertMoved();
    }

    [Fact]
    public void Several_devices_are_moved_and_their_new_site_has_them()
    {
        int count = Engine.Run("$devices").Count;
        Assert.True(count > 1);
        string[] uids = [.. Engine.Invoke("$devices.uid").Texts.Select(uid => uid!)];

        Engine.Run("$devices | Move-DrmmDevice -SiteUid $siteUid");

        Assert.Equal(
            uids.Select(uid => $"PUT /api/v2/device/{uid}/site/{Text("$siteUid")}"),
            Sim.Calls().Select(call => call.Line));
        Assert.Empty(Engine.Run("Get-DrmmDevice -SiteUid $sites[0]"));
        Assert.Empty(uids.Except(Engine.Invoke("(Get-DrmmDevice -SiteUid $siteUid).uid").Texts));
    }

    [Fact]
    public void A_device_that_is_not_there_is_an_error_of_its_own_and_the_others_are_moved()
    {
        Outcome outcome = Engine.Invoke(
            "Move-DrmmDevice $devices[0].uid, 'ffffffff-0000-4000-8000-000000000000', $devices[1].uid $siteUid");

        Assert.Equal(ErrorCategory.ObjectNotFound, outcome.Error.CategoryInfo.Category);
        Assert.Equal([200, 404, 200], Sim.Calls().Select(call => call.Status));
    }

    [Theory]
    [InlineData("$site | Move-DrmmDevice -SiteUid $siteUid")]
    [InlineData("$device | Move-DrmmDevice -SiteUid $null")]
    [InlineData("Move-DrmmDevice $uid $missing.uid")]
    [InlineData("Move-DrmmDevice $uid -SiteUid ''")]
    public void Without_a_device_or_a_site_nothing_is_sent(string script)
    {
        ErrorRecord error = Engine.Invoke(script).Error;

        Assert.Equal("DrmmInvalidArgument,DattoRMM.Commands.MoveDrmmDeviceCommand", error.FullyQualifiedErrorId);
        Assert.Empty(Sim.Calls());
    }

    [Fact]
    public void What_if_names_device_and_site()
    {
        CapturingHost host = new();
        using Engine engine = new(host);
        engine.Connect(Sim);

        engine.Run("Move-DrmmDevice the-uid the-site -WhatIf");

        Assert.Contains("Move to site the-site", host.Text);
        Assert.Contains("device the-uid", host.Text);
    }

    private void AssertMoved()
    {
        (string uid, string siteUid) = (Text("$uid"), Text("$siteUid"));
        Assert.Equal($"PUT /api/v2/device/{uid}/site/{siteUid}", Assert.Single(Sim.Calls()).Line);
        Assert.Equal(siteUid, Sim.Read($"device/{uid}").GetProperty("siteUid").GetString());
    }
}
