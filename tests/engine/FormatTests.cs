using System.Text.RegularExpressions;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>What stands on the screen of somebody who types a command.</summary>
public sealed partial class FormatTests : IDisposable
{
    private readonly Simulator _sim = Simulator.Start("--devices 60 --sites 4 --job-ms 0");
    private readonly CapturingHost _host = new();
    private readonly Engine _engine;

    public FormatTests()
    {
        _engine = new Engine(_host);
        _engine.Connect(_sim);
    }

    [Theory]
    [InlineData("$null", null)]
    [InlineData("@()", 0)]
    [InlineData("@('a', 'b')", 2)]
    [InlineData("'a'", 1)]
    public void A_list_that_is_null_is_not_counted(string list, int? count) => Assert.Equal(
        count,
        _engine.Run($"[DattoRMM.Objects.Cells]::Count([pscustomobject] @{{ guests = {list} }}, 'guests')")[0]?.BaseObject);

    public void Dispose()
    {
        _engine.Invoke("Disconnect-DrmmApi");
        _engine.Dispose();
        _sim.Dispose();
    }

    [Theory]
    [InlineData("Get-DrmmAccount", "Name Currency Devices Online Offline Uid", 1)]
    [InlineData("Get-DrmmSite", "Name OnDemand Devices Online Offline Uid", 4)]
    [InlineData("Get-DrmmAccountSites", "Name OnDemand Devices Online Offline Uid", 4)]
    [InlineData("Get-DrmmDevice", "Hostname Site OperatingSystem Online LastSeen Uid", 60)]
    [InlineData("Get-DrmmAccountDevices", "Hostname Site OperatingSystem Online LastSeen Uid", 60)]
    [InlineData("Get-DrmmAlert", "Priority Time Site Device Message", 46)]
    [InlineData("Get-DrmmQuota", "Bucket Limit Allowed Used Others Remaining Waiting LastCalibration ClosedUntil", 1)]
    [InlineData("Get-DrmmSiteSetting $site", "Name OnDemand Proxy Recipients SiteUid", 1)]
    [InlineData("Get-DrmmSiteMapping", "Name Networks Uid", null)]
    [InlineData("Get-DrmmVariable", "Id Name Value Masked SiteUid", null)]
    [InlineData("Get-DrmmFilter", "Id Name Type Updated Description", null)]
    [InlineData("Get-DrmmComponent", "Name Category Description Uid", null)]
    [InlineData("Get-DrmmUser", "Username Name Email Status LastAccess", null)]
    [InlineData("Get-DrmmDeviceAudit $device", "Manufacturer Model SerialNumber Cores MemoryGB User DeviceUid", 1)]
    [InlineData("Get-DrmmDeviceAudit $esxi", "Name Manufacturer Model Guests Datastores DeviceUid", 1)]
    [InlineData("Get-DrmmDeviceAudit $printer", "Name Manufacturer Model Pages SupplyLevels DeviceUid", 1)]
    [InlineData("Get-DrmmDeviceSoftware $device", "Name Version DeviceUid", null)]
    [InlineData("Get-DrmmPatch -DeviceUid $device", "Severity InstallStatus Kb Title DeviceUid", null)]
    [InlineData("Get-DrmmPatch -SiteUid $site", "Severity InstallStatus Kb Devices Title SiteUid", null)]
    [InlineData("Get-DrmmNetworkInterface $device", "Hostname Site InternalIp ExternalIp MacAddresses Uid", null)]
    [InlineData("Start-DrmmQuickJob $component $device", "Name Status Created JobUid", 1)]
    [InlineData("Get-DrmmJob $job", "Name Status Created Uid", 1)]
    [InlineData("Get-DrmmJobComponent $job", "Name Variables Uid", 1)]
    [InlineData("Start-DrmmQuickJob $component $device -Wait", "Device RanOn Status Components", 1)]
    [InlineData("$done | Get-DrmmJobOutput", "Component Stream FirstLine DeviceUid", null)]
    [InlineData("Get-DrmmActivityLog -First 9", "Time Entity Category Action Site Device User", null)]
    [InlineData("Get-DrmmSystemStatus", "Status Version Started", 1)]
    [InlineData("Reset-DrmmApiKey", "UserName ApiAccessKey", 1)]
    public void Objects_are_a_table_that_fits_120_columns_with_a_row_each(string script, string columns, int? rows)
    {
        Name(script);

        IReadOnlyList<string> table = Show(script);

        Assert.Equal(columns.Split(' '), table[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.InRange(table.Count - 2, rows ?? 1, rows ?? int.MaxValue);
        // A console keeps its last column.
        Assert.All(table, line => Assert.InRange(line.Length, 1, 119));
        Assert.DoesNotContain("#ERR", string.Concat(table));
    }

    [Fact]
    public void A_device_shows_its_name_its_whole_uid_and_when_it_was_seen_in_local_time()
    {
        _engine.Run("$d = (Get-DrmmDevice)[0]");

        string row = Show("$d")[2];

        Assert.StartsWith(Text("$d.hostname"), row);
        Assert.EndsWith(Text("$d.uid"), row);
        long seen = (long)_engine.Invoke("$d.lastSeen").One.BaseObject;
        Assert.Contains(DateTimeOffset.FromUnixTimeMilliseconds(seen).LocalDateTime.ToString("yyyy-MM-dd HH:mm"), row);
    }

    [Fact]
    public void Alerts_show_their_priority_their_device_and_what_they_say()
    {
        _engine.Run("$a = (Get-DrmmAlert)[0]");

        string row = Show("$a")[2];

        Assert.StartsWith(Text("$a.priority"), row);
        Assert.Contains(Text("$a.alertSourceInfo.deviceName")[..10], row);
        Assert.EndsWith(Text("$a.GetMessage()"), row);
    }

    [Fact]
    public void An_entry_of_the_log_shows_its_site_in_whatever_form_it_came()
    {
        _engine.Run("$log = (Get-DrmmActivityLog -From ([datetime]::Now.AddDays(-1)) | Where-Object { $_.site.name })[0]");
        _engine.Run("$old = (Get-DrmmActivityLogs -StartDateTime ([datetime]::Now.AddDays(-1))).Where{ $_.siteName }[0]");

        Assert.Contains(Text("$log.site.name")[..8], Show("$log")[2]);
        Assert.Contains(Text("$old.siteName")[..8], Show("$old")[2]);
    }

    [Fact]
    public void A_site_shows_how_many_devices_it_has()
    {
        _engine.Run("$s = (Get-DrmmSite)[0]");

        string[] row = [.. Gap().Split(Show("$s")[2])];

        Assert.Equal(Text("$s.name"), row[0]);
        Assert.Equal(Text("[string] $s.devicesStatus.numberOfDevices"), row[2]);
    }

    [Fact]
    public void The_quota_shows_in_local_time_when_the_server_was_asked_last()
    {
        string row = Show("$q = Get-DrmmQuota; $q")[2];

        Assert.StartsWith("account", row);
        Assert.EndsWith(Text("'{0:yyyy-MM-dd HH:mm:ss}' -f $q.GetTime('lastCalibration')"), row);
    }

    [Fact]
    public void Fields_that_are_null_leave_their_place_empty()
    {
        _sim.Faults(Fault.On("GET /v2/device/{deviceUid}", Fault.Answer("{\"hostname\":\"only\",\"lastSeen\":null}")));

        Assert.Equal("only", Show("Get-DrmmDevice x")[2]);
    }

    [Fact]
    public void A_connection_shows_no_secret_and_not_the_whole_key()
    {
        IReadOnlyList<string> shown =
            Show("Connect-DrmmApi -Url $sim.Url -Key $sim.Key -SecretKey $sim.Secret -PassThru");

        Assert.Contains(shown, line => line.Contains(_sim.Url));
        Assert.DoesNotContain(_sim.Secret, string.Concat(shown));
        Assert.DoesNotContain(_sim.Key, string.Concat(shown));
    }

    [Fact]
    public void An_error_is_shown_as_a_sentence()
    {
        Show("Get-DrmmDevice ffffffff-0000-4000-8000-000000000000 2>&1");

        Assert.Contains("Get-DrmmDevice: ", _host.Text);
        Assert.Contains("ffffffff-0000-4000-8000-000000000000", _host.Text);
    }

    [Theory]
    [InlineData("Get-DrmmDevice", "32", "90")]
    [InlineData("Get-DrmmAlert", "1;31", "31", "33", "36")]
    public void Colours_show_where_the_host_has_some_and_move_no_column(string script, params string[] colours)
    {
        CapturingHost colourful = new() { HasColours = true };
        using Engine engine = new(colourful);
        engine.Connect(_sim);

        engine.Run($"{script} | Out-Default");

        IReadOnlyList<string> plain = Show(script);
        Assert.Equal(plain, colourful.Lines.Where(line => line.Length > 0));
        Assert.All(colours, colour => Assert.Contains($"\u001b[{colour}m", colourful.Raw));
        Assert.DoesNotContain("\u001b[32m", _host.Raw);
        Assert.DoesNotContain("\u001b[31m", _host.Raw);
    }

    /// <summary>Gives a value to the variables of a script.</summary>
    private void Name(string script)
    {
        foreach ((string name, string value) in new[]
        {
            ("site", "(Get-DrmmDevice | Where-Object { $_.online -and $_.deviceClass -eq 'device' })[0].siteUid"),
            ("device", "(Get-DrmmDevice | Where-Object { $_.online -and $_.deviceClass -eq 'device' })[0].uid"),
            ("esxi", "@(Get-DrmmDevice | Where-Object deviceClass -eq esxihost)[0].uid"),
            ("printer", "@(Get-DrmmDevice | Where-Object deviceClass -eq printer)[0].uid"),
            ("component", "(Get-DrmmComponent)[0].uid"),
            ("done", "Start-DrmmQuickJob (Get-DrmmComponent)[0].uid (Get-DrmmDevice | Where-Object online)[0] -Wait"),
            ("job", "(Start-DrmmQuickJob (Get-DrmmComponent)[0].uid (Get-DrmmDevice)[0]).job.uid"),
        })
        {
            if (script.Contains('$' + name))
            {
                _engine[name] = _engine.Invoke(value).Well().One;
            }
        }
    }

    /// <summary>The lines that a script leaves on the screen, without the blank ones.</summary>
    private IReadOnlyList<string> Show(string script)
    {
        int before = _host.Lines.Count;
        _engine.Invoke($"{script} | Out-Default");
        return [.. _host.Lines.Skip(before - 1).Where(line => line.Length > 0)];
    }

    private string Text(string script) => _engine.Invoke(script).Well().One.ToString();

    [GeneratedRegex(" {2,}")]
    private static partial Regex Gap();
}
