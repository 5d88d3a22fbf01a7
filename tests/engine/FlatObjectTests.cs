using System.Globalization;
using System.Management.Automation;
using System.Text.Json;
using System.Text.RegularExpressions;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary><c>ConvertTo-DrmmFlatObject</c>: which columns there are, and what stands in them.</summary>
public sealed partial class FlatObjectTests() : EngineTest("--devices 60 --sites 3 --job-ms 0")
{
    private const string Mixed = """
        $first = [pscustomobject]@{ a = 1; part = $null; list = @(); z = 9 }
        $second = [pscustomobject]@{ a = 2; part = [pscustomobject]@{ x = 'p'; y = $null }; extra = 'e'; z = 8 }
        $third = [pscustomobject]@{ list = @([pscustomobject]@{ n = 1 }, [pscustomobject]@{ n = 2 }); part = 'plain' }
        """;

    [Fact]
    public void Every_row_has_the_columns_of_all_objects_where_they_first_stood()
    {
        Engine.Run(Mixed + "; $rows = $first, $second, $third | ConvertTo-DrmmFlatObject");

        string[] columns = ["a", "part", "part.x", "part.y", "extra", "list.n", "z"];
        Assert.Equal(
            Enumerable.Repeat(string.Join(' ', columns), 3),
            Engine.Invoke("$rows | ForEach-Object { $_.PSObject.Properties.Name -join ' ' }").Texts);
        Assert.Equal(
            ["1||||||9", "2||p||e||8", "|plain||||1; 2|"],
            Engine.Invoke("$rows | ForEach-Object { $_.PSObject.Properties.Value -join '|' }").Texts);
    }

    [Fact]
    public void A_device_has_a_column_for_each_field_with_the_values_of_the_answer()
    {
        Engine.Run("$devices = Get-DrmmDevice; $rows = $devices | ConvertTo-DrmmFlatObject -TimeFormat Raw");

        foreach (string path in new[]
        {
            "id", "uid", "online", "lastSeen", "deviceType.category", "udf.udf1", "udf.udf30",
            "antivirus.antivirusStatus", "patchManagement.patchesInstalled", "warrantyDate",
        })
        {
            Assert.Equal(
                Engine.Run($"$devices | ForEach-Object {{ $_.{path} }}").Select(value => value?.BaseObject),
                Engine.Run($"$rows | ForEach-Object {{ $_.'{path}' }}").Select(value => value?.BaseObject));
        }
        Assert.Empty(Engine.Run("""
            $rows | ForEach-Object { $_.PSObject.Properties.Value } |
                Where-Object { 
                    $_ -is [System.Management.Automation.PSCustomObject] -or $_ -is [array] }
            """));
    }

    [Fact]
    public void Named_columns_are_the_only_ones_and_rows_come_while_objects_are_read()
    {
        Engine.Run("""
            $order = [System.Collections.Generic.List[string]]::new()
            $rows = 'x', 'y' | ForEach-Object {
                    $order.Add("in $_")
                    [pscustomobject]@{ name = $_; part = @{ a = 1 }; rest = 2 } } |
                ConvertTo-DrmmFlatObject -Property part.a, name |
                ForEach-Object { $order.Add("out $($_.name)"); $_ }
            """);

        Assert.Equal(["in x", "out x", "in y", "out y"], Engine.Invoke("$order").Texts);
        Assert.Equal(
            ["part.a=1 name=x", "part.a=1 name=y"],
            Engine.Invoke("$rows | % { ($_.PSObject.Properties | % { $_.Name + '=' + $_.Value }) -join ' ' }").Texts);
    }

    [Theory]
    [InlineData("Get-DrmmDevice")]
    [InlineData("Get-DrmmDevice -TypedUdf")]
    [InlineData("Get-DrmmDevice -Property hostname, udf.udf4")]
    public void A_named_column_has_the_values_that_it_has_among_all(string devices)
    {
        Engine.Run($"""
            $some = {devices} | ConvertTo-DrmmFlatObject -Property udf.udf4, HOSTNAME
            $all = {devices} | ConvertTo-DrmmFlatObject
            """);

        IReadOnlyList<string?> values = Engine.Invoke("$some | ForEach-Object { $_.hostname + $_.'udf.udf4' }").Texts;
        Assert.Equal(Engine.Invoke("$all | ForEach-Object { $_.hostname + $_.'udf.udf4' }").Texts, values);
        Assert.NotEqual(Engine.Invoke("$all.hostname").Texts, values);
    }

    [Fact]
    public void A_list_that_is_a_parameter_is_read_as_one_that_is_piped() =>
        Assert.Equal(60, Engine.Run("ConvertTo-DrmmFlatObject (Get-DrmmDevice) -Property hostname").Count);

    [Fact]
    public void A_named_column_that_no_object_has_is_null_and_told_of()
    {
        Outcome outcome = Engine.Invoke(
            "Get-DrmmDevice | ConvertTo-DrmmFlatObject -Property hostname, hostnmae, antivirus.antivirusStatus").Well();

        Assert.Equal("hostname hostnmae antivirus.antivirusStatus", string.Join(' ', Columns(outcome.Output[0]!)));
        Assert.Contains("«hostnmae»", Assert.Single(outcome.Warnings));
    }

    [Fact]
    public void A_named_field_that_no_inner_object_has_is_told_of() =>
        Assert.Single(Engine.Invoke(
            "[pscustomobject]@{ part = [pscustomobject]@{ x = 1 } } | ConvertTo-DrmmFlatObject -Property part.y")
            .Well().Warnings);

    [Fact]
    public void A_field_that_is_null_in_all_objects_is_not_told_of_as_missing()
    {
        Outcome outcome = Engine.Invoke(
            "@{ part = $null; udfs = @() } | ConvertTo-DrmmFlatObject -Property part.x, udf.udf5").Well();

        Assert.Empty(outcome.Warnings);
        Assert.Equal(["part.x", "udf.udf5"], Columns(outcome.One));
    }

    [Theory]
    [InlineData("Local")]
    [InlineData("Iso8601")]
    [InlineData("Raw")]
    public void Times_are_given_as_asked_for(string format)
    {
        Engine["format"] = format;
        Engine.Run("$device = (Get-DrmmDevice)[0]; $row = $device | ConvertTo-DrmmFlatObject -TimeFormat $format");

        object seen = Engine.Invoke("$row.lastSeen").Well().One.BaseObject;
        long milliseconds = (long)Engine.Invoke("$device.lastSeen").One.BaseObject;
        DateTimeOffset time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        Assert.Equal(
            format switch
            {
                "Local" => time.LocalDateTime,
                "Iso8601" => time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
                _ => milliseconds,
            },
            seen);
        Assert.Equal(Text("$device.warrantyDate"), Text("$row.warrantyDate"));
    }

    [Fact]
    public void The_activity_logs_times_are_seconds()
    {
        Engine.Run("$entry = (Get-DrmmActivityLog -First 1); $row = $entry | ConvertTo-DrmmFlatObject");

        Assert.Equal(
            Engine.Invoke("$entry.GetTime('date')").One.BaseObject, Engine.Invoke("$row.date").Well().One.BaseObject);
    }

    [Theory]
    [InlineData("$null", null)]
    [InlineData("'never'", "never")]
    [InlineData("'2027-03-01'", "2027-03-01")]
    [InlineData("'1780272000000'", "2026-06-01T00:00:00.000Z")]
    [InlineData("'2026-06-01T02:00:00+02:00'", "2026-06-01T00:00:00.000Z")]
    [InlineData("[datetime]::new(2026, 6, 1, 0, 0, 0, [DateTimeKind]::Utc)", "2026-06-01T00:00:00.000Z")]
    public void What_is_no_time_stays_as_it_is_and_what_is_one_is_read(string value, string? expected)
    {
        Engine.Run($"$row = [pscustomobject]@{{ lastSeen = {value} }} | ConvertTo-DrmmFlatObject -TimeFormat Iso8601");

        Assert.Equal(expected, Engine.Run("$row.lastSeen")[0]?.BaseObject);
    }

    [Fact]
    public void Names_that_are_others_than_the_apis_are_no_times()
    {
        Engine.Run("""
            $row = [pscustomobject]@{
                alertContext = [pscustomobject]@{ timestamp = 5 }; details = @{ created = 6 }; udf = @{ started = 7 }
            } | ConvertTo-DrmmFlatObject
            """);

        Assert.Equal(
            ["5", "6", "7"],
            Engine.Invoke("$row.'alertContext.timestamp', $row.'details.created', $row.'udf.started'").Texts);
    }

    [Fact]
    public void Every_field_that_a_table_shows_as_a_time_is_one()
    {
        string tables = File.ReadAllText(Path.Combine(Paths.Module, "DattoRMM.Format.ps1xml"));
        string[] fields = [.. TimeInTable().Matches(tables).Select(match => match.Groups[1].Value).Distinct()];

        Assert.True(fields.Length > 8);
        AssertTimes(fields);
    }

    [ReferenceFact]
    public void Every_time_of_the_apis_description_is_one()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Paths.ApiDescription));
        string[] fields = [.. document.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject()
            .Where(schema => schema.Value.TryGetProperty("properties", out _))
            .SelectMany(schema => schema.Value.GetProperty("properties").EnumerateObject())
            .Where(field => field.Value.ToString().Contains("\"date-time\""))
            .Select(field => field.Name).Distinct()];

        Assert.True(fields.Length > 10);
        AssertTimes(fields);
    }

    [Fact]
    public void Lists_become_text_and_an_element_without_a_value_keeps_its_place()
    {
        Engine.Run("""
            $row = [pscustomobject]@{
                words = @('a', $null, 'c')
                numbers = @(1, 2.5)
                nics = @(
                    [pscustomobject]@{ name = 'one'; mac = $null; vlans = @(1, 2) }
                    [pscustomobject]@{ name = 'two'; mac = 'AA'; ranOn = 1780272000000 }
                )
                empty = @()
            } | ConvertTo-DrmmFlatObject -ListSeparator '|' -TimeFormat Iso8601
            """);

        Assert.Equal(
            ["words=a||c", "numbers=1|2.5", "nics.name=one|two", "nics.mac=|AA",
                "nics.ranOn=|2026-06-01T00:00:00.000Z", "nics.vlans=1|2|", "empty="],
            Engine.Invoke("$row.PSObject.Properties | ForEach-Object { \"$($_.Name)=$($_.Value)\" }").Texts);
        Assert.Null(Engine.Run("$row.empty")[0]);
    }

    [Fact]
    public void User_defined_fields_go_by_the_labels_that_are_given()
    {
        Engine.Run("""
            $device = (Get-DrmmDevice)[0]
            $labels = @{ 5 = 'Asset tag'; udf6 = 'hostname'; 7 = 'Asset tag'; 8 = '' }
            $rows = $device | ConvertTo-DrmmFlatObject -UdfLabel $labels
            $device.udf.udf5 = 'A-1047'
            $labels = @{ 5 = 'Asset tag'; 6 = 'siteUid' }
            $named = $device | ConvertTo-DrmmFlatObject -Property udf.udf5, udf.udf6 -UdfLabel $labels
            """);

        string[] columns = Columns(Engine.Invoke("$rows").One);
        int first = Array.IndexOf(columns, "udf.udf4") + 1;
        Assert.Equal(
            ["Asset tag", "hostname (udf.udf6)", "Asset tag (udf.udf7)", "udf.udf8"], columns[first..(first + 4)]);
        Assert.Equal(["Asset tag", "siteUid (udf.udf6)"], Columns(Engine.Invoke("$named").One));
        Assert.Equal("A-1047", Text("$named.'Asset tag'"));
    }

    [Fact]
    public void A_label_never_stands_for_a_field_of_that_name()
    {
        Outcome result = Engine.Invoke("""
            $device = (Get-DrmmDevice)[0]
            $device.udf.udf5 = 'A-1047'
            $labels = @{ 5 = 'hostname'; 6 = 'Asset tag' }
            $device | ConvertTo-DrmmFlatObject -Property hostname, 'Asset tag' -UdfLabel $labels
            """);

        Assert.Equal(["hostname", "Asset tag"], Columns(result.One));
        Assert.Equal(Text("$device.hostname"), result.One.Properties["hostname"].Value);
        Assert.Equal(
            "No object of the list has a field «Asset tag»; that is the label of udf.udf6, which -Property calls by "
                + "that path.",
            Assert.Single(result.Warnings));
    }

    [Fact]
    public void Typed_user_defined_fields_are_the_same_columns_with_their_values_or_go_by_the_accounts_labels()
    {
        Engine.Run("""
            $typed = Get-DrmmDevice -TypedUdf
            $rows = $typed | ConvertTo-DrmmFlatObject
            $labelled = $typed | ConvertTo-DrmmFlatObject -UseUdfLabel -UdfLabel @{ 4 = 'Building' }
            """);

        string[] columns = Columns(Engine.Run("$rows")[0]!);
        string[] numbers = [.. columns.Where(column => column.StartsWith("udf."))];
        Assert.Equal(numbers.OrderBy(name => int.Parse(name["udf.udf".Length..])), numbers);
        Assert.DoesNotContain("udfs", columns);
        Assert.Contains(true, Engine.Run("$rows.'udf.udf3'").Select(value => value?.BaseObject));
        Assert.Equal(
            Text("($typed.udfs | Where-Object ordinal -EQ 3)[0].label"),
            Columns(Engine.Run("$labelled")[0]!)[Array.IndexOf(columns, "udf.udf3")]);
        Assert.Equal("Building", Columns(Engine.Run("$labelled")[0]!)[Array.IndexOf(columns, "udf.udf4")]);
    }

    [Fact]
    public void Fields_that_were_chosen_one_by_one_are_the_same_columns()
    {
        Engine.Run("""
            $rows = @(Get-DrmmDevice -Property hostname, udf.udf5) + @(Get-DrmmDevice) | ConvertTo-DrmmFlatObject
            """);

        string[] columns = Columns(Engine.Run("$rows")[0]!);
        Assert.Equal(columns.Distinct(), columns);
        Assert.Single(columns, "udf.udf5");
    }

    [Fact]
    public void Rows_pipe_on_as_what_they_were_made_of()
    {
        Engine.Run("$device = (Get-DrmmAlert | ConvertTo-DrmmFlatObject)[0] | Get-DrmmDevice");

        Assert.Equal(Text("(Get-DrmmAlert)[0].alertSourceInfo.deviceUid"), Text("$device.uid"));
        Assert.Equal("DattoRMM.Device.Projected", Text("($device | ConvertTo-DrmmFlatObject).PSObject.TypeNames[0]"));
        Assert.Equal("True", Text(
            "[string] (($device | ConvertTo-DrmmFlatObject).GetTime('lastSeen') -eq $device.GetTime('lastSeen'))"));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("'text'")]
    [InlineData("$null")]
    [InlineData("$deep")]
    public void What_is_no_object_is_an_error_and_the_others_go_on(string input)
    {
        Engine.Run("$deep = @{}; $deep.self = $deep");

        Outcome outcome = Engine.Invoke($"@{{ a = 1 }}, {input}, @{{ a = 2 }} | ConvertTo-DrmmFlatObject");

        Assert.Equal(ErrorCategory.InvalidArgument, Assert.Single(outcome.Errors).CategoryInfo.Category);
        Assert.Equal(2, outcome.Output.Count);
    }

    [Theory]
    [InlineData("@{ 301 = 'x' }")]
    [InlineData("'x'")]
    public void Labels_for_what_is_no_user_defined_field_are_refused(string labels) =>
        Assert.NotEmpty(Engine.Invoke($"@{{ a = 1 }} | ConvertTo-DrmmFlatObject -UdfLabel {labels}").Errors);

    [Fact]
    public void Nothing_gives_nothing() =>
        Assert.Empty(Engine.Invoke("@() | ConvertTo-DrmmFlatObject -Property a").Well().Warnings);

    private void AssertTimes(IEnumerable<string> fields) => Assert.All(fields, field =>
    {
        Engine["field"] = field;
        Engine["number"] = field == "date" ? 1780272000L : 1780272000000;
        DateTime time = (DateTime)Engine.Invoke("(@{ $field = $number } | ConvertTo-DrmmFlatObject).$field")
            .Well().One.BaseObject;
        Assert.Equal(new DateTime(2026, 6, 1, 0, 0, 0, DateTimeKind.Utc), time.ToUniversalTime());
    });

    private static string[] Columns(PSObject row) => [.. row.Properties.Select(property => property.Name)];

    [GeneratedRegex("""GetTime\((?:\$_\.job, )?'(\w+)'\)""")]
    private static partial Regex TimeInTable();
}
