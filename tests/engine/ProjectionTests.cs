using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>Objects of a few properties, which <c>-Property</c> names.</summary>
public sealed class ProjectionTests() : EngineTest("--devices 40 --sites 3 --alerts-open 60 --alerts-resolved 10")
{
    [Fact]
    public void A_device_has_the_named_properties_in_their_order()
    {
        IReadOnlyList<PSObject?> devices =
            Engine.Run("Get-DrmmDevice -Property udf.udf3, HostName, antivirus, deviceType.category, id");

        JsonElement list = Sim.Read("account/devices").GetProperty("devices");
        Assert.Equal(list.GetArrayLength(), devices.Count);
        for (int i = 0; i < devices.Count; i++)
        {
            PSObject device = devices[i]!;
            Assert.Equal(
                ["DattoRMM.Device.Projected", "System.Management.Automation.PSCustomObject", "System.Object"],
                device.TypeNames);
            Assert.Equal(
                ["udf.udf3", "HostName", "antivirus", "deviceType.category", "id"],
                device.Properties.Select(property => property.Name));
            foreach (PSPropertyInfo property in device.Properties)
            {
                AssertTaken(list[i], property.Name.Replace("HostName", "hostname"), property.Value);
            }
        }
    }

    [Theory]
    [InlineData("Get-DrmmSite -Property name", "DattoRMM.Site.Projected", "name")]
    [InlineData("Get-DrmmAlert -Property priority", "DattoRMM.Alert.Projected", "priority")]
    [InlineData("Get-DrmmUser -Property email, username", "DattoRMM.User.Projected", "email username")]
    [InlineData("Get-DrmmComponent -Property name", "DattoRMM.Component.Projected", "name")]
    [InlineData("Get-DrmmFilter -Property name, id", "DattoRMM.Filter.Projected", "name id")]
    [InlineData("Get-DrmmVariable -Property name", "DattoRMM.Variable.Projected", "name")]
    [InlineData("Get-DrmmDevice $device -Property hostname", "DattoRMM.Device.Projected", "hostname")]
    [InlineData("$device | Get-DrmmDeviceSoftware -Property version", "DattoRMM.Software.Projected", "version")]
    [InlineData(
        "Get-DrmmActivityLog -From ([datetime]::UtcNow.AddDays(-1)) -Property action, user.userName",
        "DattoRMM.ActivityLog.Projected", "action user.userName")]
    [InlineData("Get-DrmmDevice | Get-DrmmPatch -Property title", "DattoRMM.Patch.Projected", "title")]
    public void Every_list_takes_names(string script, string type, string properties)
    {
        Engine.Run("$device = (Get-DrmmDevice).Where({ $_.deviceClass -eq 'device' })[0]");

        Outcome outcome = Engine.Invoke(script).Well();

        Assert.NotEmpty(outcome.Output);
        Assert.Empty(outcome.Warnings);
        Assert.All(outcome.Output, item => Assert.Equal(type, item!.TypeNames[0]));
        Assert.All(outcome.Output, item =>
            Assert.Equal(properties.Split(' '), item!.Properties.Select(property => property.Name)));
    }

    [Theory]
    [InlineData("Get-DrmmDevice -Property hostname", "Get-DrmmDeviceSoftware", "device/{device}/software")]
    [InlineData("Get-DrmmDevice -Property udf", "Get-DrmmDeviceSoftware", "device/{device}/software")]
    [InlineData("Get-DrmmDevice -Property hostname", "Get-DrmmSite", "site/{site}")]
    [InlineData("Get-DrmmDevice -Property SITEUID", "Get-DrmmSite", "site/{site}")]
    [InlineData("Get-DrmmSite -Property name", "Get-DrmmDevice", "site/{first}/devices")]
    [InlineData("Get-DrmmAlert -Property priority", "Get-DrmmSite", "site/{alertSite}")]
    [InlineData("Get-DrmmAlert -Property alertSourceInfo.deviceUid", "Get-DrmmDevice", "device/{alertDevice}")]
    [InlineData("Get-DrmmAlert -Property alertSourceInfo", "Get-DrmmDevice", "device/{alertDevice}")]
    [InlineData("Get-DrmmAlert -Property priority", "Get-DrmmAlert", "alert/{alert}")]
    public void What_was_left_out_pipes_on_all_the_same(string from, string to, string path)
    {
        Engine.Run("$d = (Get-DrmmDevice).Where({ $_.deviceClass -eq 'device' })[0]; $a = (Get-DrmmAlert)[0]; $s = (Get-DrmmSite)[0]");
        string expected = path
            .Replace("{device}", Text("$d.uid")).Replace("{site}", Text("$d.siteUid"))
            .Replace("{first}", Text("$s.uid")).Replace("{alertSite}", Text("$a.alertSourceInfo.siteUid"))
            .Replace("{alertDevice}", Text("$a.alertSourceInfo.deviceUid")).Replace("{alert}", Text("$a.alertUid"));
        Engine["from"] = from;
        Engine.Run("""
            $items = [scriptblock]::Create($from).Invoke()
            $item = if ($from -like 'Get-DrmmDevice*') { $items[(Get-DrmmDevice).uid.IndexOf($d.uid)] } else { $items[0] }
            """);
        Sim.Reset();

        Engine.Run($"$item | {to}");
        Engine.Run($"$item.PSObject.Copy() | {to}");

        Assert.Equal(2, Sim.Calls().Count);
        Assert.All(Sim.Calls(), call => Assert.EndsWith("/" + expected, call.Path));
    }

    [Fact]
    public void A_sites_variable_still_knows_its_site()
    {
        Engine.Run("""
            $site = (Get-DrmmSite)[0]
            New-DrmmVariable -SiteUid $site -Name Mine -Value x
            $variable = $site | Get-DrmmVariable -Name Mine -Property masked
            """);
        Sim.Reset();

        Engine.Run("$variable | Remove-DrmmVariable");

        Received call = Assert.Single(Sim.Calls());
        Assert.StartsWith($"/api/v2/site/{Text("$site.uid")}/variable/", call.Path);
    }

    [Theory]
    [InlineData("-Property name, deviceUid, version", "name deviceUid version")]
    [InlineData("-Property DEVICEUID", "DEVICEUID")]
    public void A_uid_that_the_command_adds_can_be_named(string arguments, string properties)
    {
        Engine.Run("$device = (Get-DrmmDevice).Where({ $_.deviceClass -eq 'device' })[0]");

        Outcome outcome = Engine.Invoke($"Get-DrmmDeviceSoftware $device {arguments}").Well();

        Assert.Empty(outcome.Warnings);
        Assert.All(outcome.Output, item =>
            Assert.Equal(properties.Split(' '), item!.Properties.Select(property => property.Name)));
        Assert.All(outcome.Output, item => Assert.Equal(Text("$device.uid"), Value(item, "deviceUid")));
    }

    /// <summary>A value is what stands at the end of a path, or null if the path ends before.</summary>
    private static void AssertTaken(JsonElement item, string path, object? value)
    {
        foreach (string name in path.Split('.'))
        {
            if (item.ValueKind == JsonValueKind.Null)
            {
                break;
            }
            item = item.GetProperty(name);
        }
        Json.AssertSame(item, value);
    }

    [Fact]
    public void What_is_hidden_is_in_no_file()
    {
        Engine.Run("$item = (Get-DrmmDevice -Property hostname)[0]");

        string clixml = Text("[System.Management.Automation.PSSerializer]::Serialize($item)");

        string uid = Text("(Get-DrmmDevice)[0].uid");
        Assert.Contains("hostname", clixml);
        Assert.DoesNotContain(uid, clixml);
        Assert.Equal(["hostname"], Engine.Invoke("$item.PSObject.Copy().PSObject.Members.Where({ "
            + "$_.MemberType -like '*Property' }).Name").Well().Texts);
        Assert.DoesNotContain(uid, Text("\"$item\""));
        Assert.Null(Assert.Single(Engine.Run("$item.uid")));
    }

    [Theory]
    [InlineData("Get-DrmmSite -Name 'Deleted*'", "uid", "uid")]
    [InlineData("Get-DrmmSite -ExcludeDeleted", "uid", "uid")]
    [InlineData("Get-DrmmAlert -Priority Critical, High", "alertUid", "alertUid")]
    [InlineData("Get-DrmmAlert -Status All -After $middle", "alertUid", "alertUid")]
    [InlineData("Get-DrmmUser -Name '*a*' -Email '*e*'", "disabled, username", "username")]
    [InlineData("Get-DrmmComponent -Name '*e*'", "uid", "uid")]
    [InlineData("Get-DrmmComponent -ComponentUid $component", "categoryCode, name", "name")]
    [InlineData("Get-DrmmFilter -Name '*e*'", "id", "id")]
    [InlineData("Get-DrmmVariable -Name '*e*'", "id", "id")]
    public void What_a_command_looks_at_need_not_be_named(string script, string names, string compared)
    {
        Engine.Run("""
            $component = (Get-DrmmComponent)[1].uid
            $middle = @(Get-DrmmAlert -Status All)[30].GetTime('timestamp')
            """);
        IReadOnlyList<string?> whole = Engine.Invoke($"@({script}).{compared}").Well().Texts;

        IReadOnlyList<string?> cut = Engine.Invoke($"@({script} -Property {names}).{compared}").Well().Texts;

        Assert.NotEmpty(whole);
        Assert.Equal(whole, cut);
    }

    [Fact]
    public void A_name_that_no_object_has_is_one_warning_and_null()
    {
        Outcome outcome = Engine.Invoke("Get-DrmmDevice -Property hostnam, uid, udf.udf999").Well();

        Assert.Equal(
            [
                "No object of the list has a field «hostnam»; this property is null in all of them.",
                "No object of the list has a field «udf.udf999»; this property is null in all of them.",
            ],
            outcome.Warnings);
        Assert.All(outcome.Output, device => Assert.Null(Value(device, "hostnam")));
    }

    [Fact]
    public void Several_lists_of_a_command_warn_once_and_only_of_what_all_of_them_lack()
    {
        Sim.Faults(
            Fault.On("GET /v2/filter/default-filters", Fault.Answer("""
                {"pageDetails":{"count":1,"totalCount":1,"nextPageUrl":null},"filters":[{"id":1,"one":1}]}
                """)),
            Fault.On("GET /v2/filter/custom-filters", Fault.Answer("""
                {"pageDetails":{"count":1,"totalCount":1,"nextPageUrl":null},"filters":[{"id":2,"two":2}]}
                """)));

        Outcome outcome = Engine.Invoke("Get-DrmmFilter -Property one, two, three").Well();

        Assert.Equal(2, outcome.Output.Count);
        Assert.Contains("«three»", Assert.Single(outcome.Warnings));
        Assert.Single(Engine.Invoke("Get-DrmmSite | Get-DrmmDevice -Property none").Well().Warnings);
    }

    [Fact]
    public void A_list_without_objects_warns_of_nothing()
    {
        Outcome outcome = Engine.Invoke("Get-DrmmDevice -Hostname nobody-has-this -Property hostnam").Well();

        Assert.Empty(outcome.Output);
        Assert.Empty(outcome.Warnings);
    }

    [Theory]
    [InlineData("@()", "-Property")]
    [InlineData("$null", "-Property")]
    [InlineData("''", "empty")]
    [InlineData("uid, ' '", "white space")]
    [InlineData("uid, $null", "empty")]
    [InlineData("uid, hostname, UID", "\"UID\" is named twice")]
    [InlineData("'udf..udf5'", "\"udf..udf5\"")]
    public void Names_that_are_none_are_refused_and_nothing_is_sent(string names, string said)
    {
        Outcome outcome = Engine.Invoke($"Get-DrmmDevice -Property {names}");

        Assert.Equal(ErrorCategory.InvalidArgument, outcome.Error.CategoryInfo.Category);
        Assert.Contains(said, outcome.Error.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(outcome.Output);
        Assert.Empty(Sim.Calls());
    }

    [Fact]
    public void Times_can_be_asked_of_a_chosen_field()
    {
        Assert.Equal(
            Text("(Get-DrmmDevice)[0].GetTime('lastSeen').ToString('o')"),
            Text("(Get-DrmmDevice -Property lastSeen)[0].GetTime('lastSeen').ToString('o')"));
    }

    [Fact]
    public void Items_that_come_twice_are_noticed_although_nothing_names_them()
    {
        Sim.Faults(
            Fault.On("GET /v2/account/devices", Fault.Answer("""
                {"pageDetails":{"count":2,"totalCount":3,"nextPageUrl":"/api/v2/account/devices?page=1&max=2"},
                 "devices":[{"id":1,"hostname":"a"},{"id":2,"hostname":"b"}]}
                """), page: 0),
            Fault.On("GET /v2/account/devices", Fault.Answer("""
                {"pageDetails":{"count":1,"totalCount":3,"nextPageUrl":null},
                 "devices":[{"id":2,"hostname":"b"}]}
                """), page: 1));

        Outcome outcome = Engine.Invoke("Get-DrmmDevice -Property hostname -Verbose");

        Assert.Equal(["a", "b", "b"], outcome.Output.Select(device => Value(device, "hostname")));
        Assert.Contains(outcome.Verbose, line => line.Contains("1 items that had come before"));
    }
}
