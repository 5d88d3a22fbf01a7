using System.Management.Automation;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DattoRMM.Client;
using DattoRMM.Commands;
using DattoRMM.Native;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>
/// Keys, secrets, tokens, proxy passwords, bodies, and the values of fields and variables are in no message, whatever
/// happens. Each scene looks at all that is written beside the output, and at every part of every error.
/// </summary>
public sealed class SecretTests(SecretTests.Stages stages) : IClassFixture<SecretTests.Stages>
{
    // With -Debug alone a warning is a question.
    private const string Said = " -Verbose -Debug -WarningAction Continue";
    private const string LogIn = "Connect-DrmmApi -Url $url -Key $key -SecretKey $secret" + Said;
    private const string SetFields = "Invoke-DrmmApi v2/device/$uid/udf -Method POST -Body $udf";
    private const string SetVariable = "Invoke-DrmmApi v2/account/variable -Method PUT -Body $variable";
    private const string EndlessBody = "\"endlessBody\"";

    /// <summary>Every way in which a request is made, its route, and the page that goes wrong.</summary>
    private static readonly (string Name, string Route, int? Page, string Script)[] s_requests =
    [
        ("list", "GET /v2/account/devices", null, "Get-DrmmDevice" + Said),
        ("rest of a list", "GET /v2/account/devices", 1, "Get-DrmmDevice" + Said),
        ("object", "GET /v2/device/{deviceUid}", null, "Get-DrmmDevice $uid" + Said),
        ("text", "GET /v2/site/{siteUid}", null, "New-ApiRequest GET /v2/site/$siteUid" + Said),
        ("quota", "GET /v2/system/request_rate", null, "Get-DrmmQuota" + Said),
        ("write", "POST /v2/alert/{alertUid}/resolve", null, "Resolve-DrmmAlert $alertUid" + Said),
        ("fields", "POST /v2/device/{deviceUid}/udf", null, SetFields + Said),
        ("variable", "PUT /v2/account/variable", null, SetVariable + " -Raw" + Said),
        ("variables", "GET /v2/account/variables", null, "Invoke-DrmmApi v2/account/variables -All" + Said),
        (
            "write that follows a read", "POST /v2/account/variable/{variableId}", null,
            "Set-DrmmVariable -Name x -Value $value" + Said),
        ("text with a body", "PUT /v2/account/variable", null, "New-ApiRequest PUT /v2/account/variable $json" + Said),
        ("login", "POST /auth/oauth/token", null, "Disconnect-DrmmApi; " + LogIn),
        ("renewal", "POST /auth/oauth/token", null, "$sim.RevokeTokens(); Get-DrmmAccount" + Said),
    ];

    /// <summary>Every fault of the simulator, with a canary wherever it can hold one.</summary>
    private static readonly string[] s_faults =
    [
        .. new[] { 302, 400, 401, 403, 404, 409, 418, 429, 500, 503 }.Select(Status),
        """{"status":429,"retryAfterS":0,"body":"{answer}"}""",
        """{"answer":"{answer}"}""",
        """{"answer":"\"{answer}\""}""",
        """{"answer":"{\"{answer}\":\"{answer}\",}"}""",
        """{"answer":"{\"devices\":\"{answer}\",\"pageDetails\":\"{answer}\",\"expires_in\":\"{answer}\"}"}""",
        """{"answer":"{\"access_token\":\"{token}\",\"expires_in\":100,\"devices\":[{\"udf\":\"{answer}\"}]}"}""",
        """{"answer":"{\"access_token\":\"{token} \\n\",\"expires_in\":\"{token}\"}"}""",
        """{"answer":"{}","contentType":"text/html; {escaped}"}""",
        "\"resetBeforeHeaders\"", "\"resetInHeaders\"", "\"resetInBody\"",
        """{"cutBody":{"keepBytes":3000,"contentLength":true}}""",
        """{"cutBody":{"keepBytes":3000,"contentLength":false}}""", """{"closeEarly":3000}""",
        "\"cutGzip\"", "\"malformedJson\"", """{"deepJson":10000}""", """{"slowBody":{"bytesPerS":1000000}}""",
        "\"block\"", """{"delayMs":1}""", "\"html\"", "\"empty200\"", "\"noContent\"", "\"pageLoop\"",
        """{"nextPageUrl":"http://u:{escaped}@other.example/?{escaped}"}""", """{"nextPageUrl":"mailto:{answer}"}""",
        """{"totalCount":7}""", """{"totalCount":null}""", """{"pageItems":3}""", """{"samePage":null}""",
        """{"insertItems":3}""", """{"removeItems":3}""",
        """{"redirect":"http://u:{escaped}@127.0.0.1:1/?{escaped}"}""",
    ];

    /// <summary>A scene that ends in an error of each kind.</summary>
    private static readonly Dictionary<ErrorKind, Func<SecretStage, Scene>> s_kinds = new()
    {
        [ErrorKind.Utf8] = stage => Fails(stage, () => NativeSession.Connect([.. Options(stage), 0xFF])),
        [ErrorKind.Document] = stage => Fails(stage, () => NativeSession.Connect([.. Options(stage), 0x7D])),
        [ErrorKind.InvalidArgument] = Script(
            "Invoke-DrmmApi v2/x -Method POST -Body @{ value = $value; no = [double]::NaN }"),
        [ErrorKind.NotConnected] = Script("Disconnect-DrmmApi; Invoke-DrmmApi v2/x -Method POST -Body $udf"),
        [ErrorKind.Authentication] = Script("Connect-DrmmApi -Url $url -Key $key -SecretKey $wrong"),
        [ErrorKind.Forbidden] = Write(Status(403)),
        [ErrorKind.NotFound] = Write(Status(404)),
        [ErrorKind.Rejected] = Write(Status(400)),
        [ErrorKind.Conflict] = Write(Status(409)),
        [ErrorKind.RateLimited] = Write(Status(429)),
        [ErrorKind.Blocked] = Write("""{"status":403,"body":"<html>{answer}</html>"}""", "* /*"),
        [ErrorKind.Server] = Write(Status(500)),
        [ErrorKind.Connection] = Write("\"resetBeforeHeaders\""),
        [ErrorKind.Tls] = Script("Connect-DrmmApi -Url ($url -replace 'http:', 'https:') -Key $key -SecretKey $secret"),
        [ErrorKind.Timeout] = stage => Fails(stage, () => ReadLate(stage)),
        [ErrorKind.Malformed] = Write("""{"answer":"{answer}"}"""),
        [ErrorKind.TooLarge] = Write(EndlessBody),
        [ErrorKind.ForeignPage] = Read("""{"nextPageUrl":"http://u:{escaped}@other.example/?{escaped}"}"""),
        [ErrorKind.PageLoop] = Read("\"pageLoop\"", "{\"totalCount\":null}"),
        [ErrorKind.NativeLibrary] = Made(ErrorKind.NativeLibrary),
        [ErrorKind.Withdrawn] = Script("Set-DrmmAlertMute $alertUid"),
        // Faults of the module itself: their sentences are fixed.
        [ErrorKind.NullPointer] = Made(ErrorKind.NullPointer),
        [ErrorKind.Panic] = Made(ErrorKind.Panic),
        [ErrorKind.Handle] = Made(ErrorKind.Handle),
        [ErrorKind.Internal] = Made(ErrorKind.Internal),
        [ErrorKind.System] = Made(ErrorKind.System),
    };

    /// <summary>Every command, with what may not be told wherever it takes it.</summary>
    private static readonly Dictionary<string, string> s_commands = new()
    {
        ["Add-DrmmAlertMessage"] = "$variable",
        ["Connect-DrmmApi"] = "-Url $url -Key $key -SecretKey $secret",
        ["ConvertTo-DrmmFlatObject"] = "$variable, $value -UdfLabel @{ 1 = $value }",
        ["Disconnect-DrmmApi"] = "",
        ["Get-DevicesNeedingReboot"] = "",
        ["Get-DrmmAccount"] = "",
        ["Get-DrmmAccountAlertsOpen"] = "",
        ["Get-DrmmAccountAlertsResolved"] = "",
        ["Get-DrmmAccountComponents"] = "",
        ["Get-DrmmAccountDevices"] = "",
        ["Get-DrmmAccountSites"] = "",
        ["Get-DrmmAccountUsers"] = "",
        ["Get-DrmmAccountVariables"] = "",
        ["Get-DrmmActivityLog"] = "-ExpandDetails",
        ["Get-DrmmActivityLogs"] = "",
        ["Get-DrmmAlert"] = "",
        ["Get-DrmmAuditDevice"] = "$uid",
        ["Get-DrmmAuditDeviceSoftware"] = "$uid",
        ["Get-DrmmAuditESXi"] = "$uid",
        ["Get-DrmmAuditPrinter"] = "$uid",
        ["Get-DrmmComponent"] = "",
        ["Get-DrmmCustomFilters"] = "",
        ["Get-DrmmDefaultFilters"] = "",
        ["Get-DrmmDevice"] = "",
        ["Get-DrmmNetworkInterface"] = "-SiteUid $siteUid",
        ["Get-DrmmDeviceAudit"] = "$uid",
        ["Get-DrmmDeviceOpenAlerts"] = "$uid",
        ["Get-DrmmDeviceResolvedAlerts"] = "$uid",
        ["Get-DrmmDeviceSoftware"] = "$uid",
        ["Get-DrmmFilter"] = "",
        ["Get-DrmmPatch"] = "$uid",
        ["Get-DrmmQuota"] = "",
        ["Get-DrmmSite"] = "",
        ["Get-DrmmSiteDeviceNetworkInterfaces"] = "$siteUid",
        ["Get-DrmmSiteDevices"] = "$siteUid",
        ["Get-DrmmSiteMapping"] = "",
        ["Get-DrmmSiteSetting"] = "$siteUid",
        ["Get-DrmmSiteSettings"] = "$siteUid",
        ["Get-DrmmSiteOpenAlerts"] = "$siteUid",
        ["Get-DrmmSiteResolvedAlerts"] = "$siteUid",
        ["Get-DrmmSiteVariables"] = "$siteUid",
        ["Get-DrmmUser"] = "",
        ["Get-DrmmVariable"] = "",
        ["Get-DrmmJob"] = "$uid",
        ["Get-DrmmJobComponent"] = "$uid",
        ["Get-DrmmJobOutput"] = "$uid $uid",
        ["Get-DrmmJobResult"] = "$uid $uid",
        ["Get-DrmmJobResults"] = "$uid $uid",
        ["Get-DrmmJobStatus"] = "$uid",
        ["Get-DrmmSystemStatus"] = "",
        ["Invoke-DrmmApi"] = "v2/device/$uid/udf -Method POST -Body $udf",
        ["Move-DrmmDevice"] = "$uid $siteUid",
        ["Move-DrmmDeviceToSite"] = "$uid $siteUid",
        ["New-ApiAccessToken"] = "$credential",
        ["New-ApiRequest"] = "PUT /v2/account/variable $json",
        ["New-DrmmSite"] = "made -ProxyHost p -ProxyPort 1 -ProxyType http -ProxyUsername u -ProxyPassword $value",
        ["Remove-DrmmSiteProxy"] = "$siteUid",
        ["New-DrmmAccountVariable"] = "z $value",
        ["New-DrmmSiteVariable"] = "$siteUid z $value -masked",
        ["New-DrmmVariable"] = "z $value -SiteUid $siteUid",
        ["Remove-DrmmAccountVariable"] = "4711",
        ["Remove-DrmmSiteVariable"] = "$siteUid $variableId",
        ["Remove-DrmmVariable"] = "-Name none",
        ["Reset-DrmmApiKey"] = "",
        ["Resolve-DrmmAlert"] = "$alertUid",
        ["Set-DrmmAccountVariable"] = "$variableId x $value",
        ["Set-DrmmAlertMute"] = "$alertUid",
        ["Set-DrmmAlertResolve"] = "$alertUid",
        ["Set-DrmmAlertUnmute"] = "$alertUid",
        ["Set-DrmmDeviceUdf"] = "$uid $field -Udf30 $value",
        ["Set-DrmmDeviceWarranty"] = "$uid 2027-01-31",
        ["Set-DrmmSite"] = "$siteUid -SiteNotes noted",
        ["Set-DrmmSiteProxy"] = "$siteUid p 1 http u $value",
        ["Set-DrmmSiteVariable"] = "$siteUid $variableId z $value",
        ["Set-DrmmVariable"] = "-Name x -Value $value",
        ["Set-DrmmDeviceQuickJob"] =
            "-deviceUid $uid -jobName x -ComponentName $component -VariableDefinitions @{ Command = $value }",
        ["Start-DrmmQuickJob"] = "$component $uid -Variable @{ Command = $value }",
    };

    public static TheoryData<string> Faults => [.. s_faults];

    public static TheoryData<ErrorKind> Kinds => [.. Enum.GetValues<ErrorKind>()];

    public static TheoryData<string> Commands => [.. s_commands.Keys];

    [Fact]
    public void Every_fault_of_the_simulator_is_tried()
    {
        IEnumerable<string> tried = s_faults.Append(EndlessBody).Select(fault => fault.Split('"')[1]);

        Assert.Equal(stages[0].Sim.FaultNames().Order(), tried.Distinct().Order());
    }

    [Fact]
    public void What_may_not_be_told_is_in_what_is_asked_for()
    {
        SecretStage stage = stages[0];
        stage.Connect();

        Assert.Equal(
            [(string)stage.Engine["field"]!, (string)stage.Engine["field"]!, (string)stage.Engine["value"]!],
            stage.Engine.Invoke("""
                (Get-DrmmDevice)[0, -1].udf.udf1
                (Invoke-DrmmApi v2/account/variables -All | Where-Object name -eq x).value
                """).Well().Texts);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void No_fault_makes_a_request_tell(string fault)
    {
        string[][] leaks = new string[s_requests.Length][];
        stages.OnEach(s_requests.Length, (stage, number) =>
        {
            (string name, string route, int? page, string script) = s_requests[number];
            stage.Connect();
            stage.Sim.Faults(Fault.On(route, stage.Fill(fault), page));
            leaks[number] = [.. stage.Play(script, out Outcome outcome).Select(leak => $"{leak} ({name})")];
            Assert.NotEmpty(outcome.Verbose);
        });

        Assert.Empty(leaks.SelectMany(leak => leak));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_kind_of_error_tells(ErrorKind kind)
    {
        SecretStage stage = stages[0];
        stage.Connect();

        Scene scene = s_kinds[kind](stage);

        Assert.Equal(kind, scene.Kind);
        Assert.Empty(scene.Leaks);
    }

    [Fact]
    public void Every_command_is_tried() =>
        Assert.Equal(
            stages[0].Engine.Invoke("(Get-Command -Module DattoRMM -CommandType Cmdlet).Name").Texts.Order(),
            s_commands.Keys.Order());

    [Theory]
    [MemberData(nameof(Commands))]
    public void No_command_tells(string command)
    {
        SecretStage stage = stages[0];
        string script = $"{command} {s_commands[command]}{Said}";
        bool isWrite = stage.Engine.Invoke($"(Get-Command {command}).Parameters.ContainsKey('WhatIf')").Texts[0] == "True";
        string[] fates = ["\"delayMs\"", Status(403), """{"answer":"{answer}"}"""];
        foreach (string fate in fates[1..])
        {
            stage.Connect();
            stage.Sim.Faults(Fault.On("* /*", stage.Fill(fate)));
            Assert.Empty(stage.Play(script, out _));
        }
        stage.Connect();
        Assert.Empty(stage.Play(script, out _));
        if (isWrite)
        {
            Assert.Empty(stage.Play(script + " -WhatIf", out _));
        }
        Assert.Empty(stage.Play($"Disconnect-DrmmApi; {script}", out _));
    }

    [Theory]
    [InlineData("-Url $url -Key $key -SecretKey $secret")]
    [InlineData("-Url $url -Credential $credential")]
    [InlineData("-Url $url -Credential $credential -PassThru | Out-Default")]
    [InlineData("-Url $url -Key $key -SecretKey $wrong")]
    [InlineData("-Url $url -Key $wrong -SecretKey $secret")]
    [InlineData("-Url $url -Key $key -SecretKey $secret -Credential $credential")]
    [InlineData("-Url $url $key $secret")]
    [InlineData("-Url $url -Keys $key -Secrets: $secret")]
    [InlineData("-Url $url -Key $key -SecretKey @($secret, $secret)")]
    [InlineData("-Url \"http://$userInfo@127.0.0.1:1\" -Key $key -SecretKey $secret")]
    [InlineData("-Url \"http://$userInfo@:x:y\" -Key $key -SecretKey $secret")]
    [InlineData("-Url http://127.0.0.1:1 -Key $key -SecretKey $secret")]
    [InlineData("-Url https://drmm.invalid -Key $key -SecretKey $secret")]
    [InlineData("-Url $url -Proxy \"http://$userInfo@127.0.0.1:1\" -Key $key -SecretKey $secret")]
    [InlineData("-Url https://drmm.invalid -Proxy \"http://$userInfo@127.0.0.1:1\" -Key $key -SecretKey $secret")]
    [InlineData("-Url https://drmm.invalid -Proxy ($url -replace '//', \"//$userInfo@\") -Key $key -SecretKey $secret")]
    [InlineData("-Url $url -Proxy \"no://$userInfo@127.0.0.1:1\" -Key $key -SecretKey $secret")]
    [InlineData("-Url $url -Proxy \"$userInfo@proxy\" -Key $key -SecretKey $secret")]
    [InlineData("-Url $url -Proxy \"http://$userInfo@:x:y\" -Key $key -SecretKey $secret")]
    [InlineData("-Url $url -Proxy $variable -Key $key -SecretKey $secret")]
    public void No_login_tells(string arguments)
    {
        SecretStage stage = stages[0];
        stage.Connect();
        stage.Engine.Run("Disconnect-DrmmApi");

        Assert.Empty(stage.Play($"Connect-DrmmApi {arguments}{Said}".Replace(
            " | Out-Default" + Said, Said + " | Out-Default"), out _));
    }

    [Theory]
    [InlineData("$deep = @{ value = $value }; $deep.self = $deep; Invoke-DrmmApi v2/x -Method POST -Body $deep")]
    [InlineData("Invoke-DrmmApi v2/x -Method POST -Body @{ value = $value; number = [double]::NaN }")]
    [InlineData("Invoke-DrmmApi v2/x -Method POST -Body @{ value = $value; script = { 1 }; type = [string] }")]
    [InlineData("Invoke-DrmmApi v2/x -Method POST -Body $variable -All")]
    [InlineData("Invoke-DrmmApi v2/x -Method PATCH -Body $variable")]
    [InlineData("Invoke-DrmmApi 'v2/a b' -Method POST -Body $variable")]
    [InlineData("New-ApiRequest POST /v2/../x $json")]
    [InlineData("Get-DrmmDevice -DeviceUid $variable")]
    [InlineData("Get-DrmmDevice -DeviceUid @{ value = $value }")]
    [InlineData("Get-DrmmSiteDevices $variable")]
    [InlineData("Get-DrmmDevice -FilterId $variable")]
    [InlineData("Get-DrmmDevice -DeviceId 1, $variable")]
    [InlineData("Get-DrmmSite -Name $variable")]
    [InlineData("Get-DrmmAlert -Priority $variable")]
    [InlineData("Invoke-DrmmApi v2/account -Query @{ a = $variable }")]
    [InlineData("Invoke-DrmmApi v2/account -Query @{ a = 1, $variable }")]
    [InlineData("Invoke-DrmmApi $variable")]
    [InlineData("Invoke-DrmmApi v2/account -Method $variable")]
    [InlineData("New-ApiRequest PUT /v2/account/variable $variable")]
    [InlineData("$variable | Get-DrmmDevice")]
    [InlineData("Set-DrmmDeviceUdf $uid -Udf $variable")]
    [InlineData("Set-DrmmDeviceUdf $uid -Udf $value")]
    [InlineData("Set-DrmmDeviceUdf $uid -Udf @{ 1 = $value; 301 = $value }")]
    [InlineData("Set-DrmmDeviceUdf $uid -Udf @{ 1 = $value; udf1 = $field }")]
    [InlineData("Set-DrmmDeviceUdf $uid -Udf @{ 1 = $variable }")]
    [InlineData("Set-DrmmDeviceUdf $uid -Udf @{ $variable = 1 }")]
    [InlineData("Set-DrmmDeviceUdf $uid $variable")]
    [InlineData("Set-DrmmDeviceUdf $uid -Udf @{ 2 = $value } -Typed")]
    [InlineData("[pscustomobject]@{ deviceUid = 'x'; udf1 = $value; udf301 = $value } | Set-DrmmDeviceUdf")]
    [InlineData("[pscustomobject]@{ udf1 = $value } | Set-DrmmDeviceUdf")]
    [InlineData("[pscustomobject]@{ deviceUid = 'x'; udf1 = $variable } | Set-DrmmDeviceUdf")]
    [InlineData("[pscustomobject]@{ deviceUid = 'x'; udf1 = $value } | Set-DrmmDeviceUdf")]
    [InlineData("@{ deviceUid = 'x'; udf1 = $value } | Set-DrmmDeviceUdf -ClearEmpty")]
    [InlineData("Set-DrmmDeviceWarranty $uid $variable")]
    [InlineData("Move-DrmmDevice $uid $variable")]
    [InlineData("Set-DrmmSiteProxy $siteUid '' 1 http u $value")]
    [InlineData("Set-DrmmSiteProxy $siteUid p 0 http u $value")]
    [InlineData("Set-DrmmSiteProxy $siteUid p 1 https u $value")]
    [InlineData("Set-DrmmSiteProxy $siteUid $variable 1 http u $value")]
    [InlineData("New-DrmmSite x -ProxyPassword $value")]
    [InlineData("New-DrmmSite $variable")]
    [InlineData("Set-DrmmSite $siteUid $variable")]
    [InlineData("New-DrmmVariable x $variable")]
    [InlineData("New-DrmmVariable $variable x")]
    [InlineData("Set-DrmmVariable -Name x -Value $variable")]
    [InlineData("Set-DrmmVariable $variable -Value x")]
    [InlineData("New-DrmmAccountVariable x @{ a = $value }")]
    [InlineData("$variable | Set-DrmmVariable -Value x")]
    [InlineData("$variable | Remove-DrmmVariable")]
    [InlineData("$variable | New-DrmmVariable x $value")]
    [InlineData("[pscustomobject]@{ variableId = $null; value = $value } | Remove-DrmmVariable")]
    [InlineData("Get-DrmmVariable $variable")]
    [InlineData("New-DrmmVariable x $value, $value")]
    [InlineData("New-DrmmVariable -Name x -Values $value")]
    [InlineData("[pscustomobject]@{ deviceUid = ''; password = $value } | Get-DrmmDevice")]
    [InlineData("[pscustomobject]@{ deviceUid = 'x'; password = $value } | Get-DrmmDevice")]
    [InlineData("[pscustomobject]@{ alertUid = 'x'; password = $value } | Resolve-DrmmAlert")]
    [InlineData("@{ deviceUid = 'x'; password = $value } | Get-DrmmAlert")]
    public void What_is_refused_is_not_told(string script)
    {
        SecretStage stage = stages[0];
        stage.Connect();

        IReadOnlyList<string> leaks = stage.Play(script, out Outcome outcome);

        Assert.Empty(leaks);
        Assert.NotEmpty(outcome.Errors);
    }

    [Fact]
    public void No_command_takes_an_object_for_text()
    {
        IEnumerable<string> taking =
            from type in typeof(CallingCommand).Assembly.GetTypes()
            where type.IsSubclassOf(typeof(CallingCommand))
            from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            where property.IsDefined(typeof(ParameterAttribute))
                && (property.PropertyType == typeof(string) || property.PropertyType == typeof(string[]))
                && !property.IsDefined(typeof(ElementAttribute))
            select $"{type.Name} -{property.Name}";

        Assert.Empty(taking);
    }

    [Fact]
    public void A_connection_shows_nothing_in_whatever_form()
    {
        SecretStage stage = stages[0];
        stage.Connect();
        stage.Engine.Run($"$connection = {LogIn} -PassThru");
        PSObject connection = (PSObject)stage.Engine["connection"]!;

        string shown = string.Join('\n', [
            connection, PSSerializer.Serialize(connection, 10), JsonSerializer.Serialize(connection.BaseObject),
            .. connection.Properties.Select(property => $"{property.Name}: {property.Value}"),
            .. stage.Engine.Invoke("Get-DrmmQuota; $connection.PSObject.Members").Texts,
        ]);

        Assert.Contains(stage.Sim.Url, shown);
        Assert.Empty(stage.LeaksIn(shown));
        Assert.Empty(stage.Play("$connection | Out-Default", out _));
    }

    [Fact]
    public void The_process_writes_nothing_of_its_own_whatever_happens()
    {
        IReadOnlyList<string> kinds = Child.Run(
            FailInAllWays, out string written, [], ("RUST_LOG", "trace"), ("RUST_BACKTRACE", "full"));

        // What it wrote to standard output would stand between the lines.
        Assert.Equal(s_kinds.Keys.Select(kind => kind.ToString()), kinds);
        Assert.Equal("", written);
    }

    private static IEnumerable<string> FailInAllWays(string[] arguments)
    {
        using SecretStage stage = new();
        foreach (Func<SecretStage, Scene> provoke in s_kinds.Values)
        {
            stage.Connect();
            yield return provoke(stage).Kind.ToString();
        }
    }

    private static string Status(int status) =>
        $$$"""{"status":{{{status}}},"body":"{\"error\":\"{answer}\",\"message\":\"{answer}\"}"}""";

    private static Func<SecretStage, Scene> Script(string script) => stage =>
    {
        IReadOnlyList<string> leaks = stage.Play(script + Said, out Outcome outcome);
        return new Scene(Assert.IsType<DrmmException>(outcome.Error.Exception).Kind, leaks);
    };

    /// <summary>A body is sent, and this becomes of it.</summary>
    private static Func<SecretStage, Scene> Write(string fault, string match = "PUT /v2/account/variable") => stage =>
    {
        stage.Sim.Faults(Fault.On(match, stage.Fill(fault)));
        return Script("Invoke-DrmmApi v2/account/variable -Method PUT -Body $variable")(stage);
    };

    /// <summary>A list is read, and this becomes of its pages.</summary>
    private static Func<SecretStage, Scene> Read(params string[] faults) => stage =>
    {
        stage.Sim.Faults(
            [.. faults.Reverse().Select((fault, page) =>
                Fault.On("GET /v2/account/devices", stage.Fill(fault), page: page))]);
        return Script("Get-DrmmDevice")(stage);
    };

    /// <summary>What cannot be provoked here: the record is made of it, about an object that holds a canary.</summary>
    private static Func<SecretStage, Scene> Made(ErrorKind kind) => stage =>
    {
        ErrorRecord record = new DrmmException(kind, "something happened").ToErrorRecord(stage.Engine["variable"]);
        return new Scene(kind, stage.LeaksIn(ErrorText.Of(record)));
    };

    private static Scene Fails(SecretStage stage, Action action)
    {
        DrmmException fault = Assert.Throws<DrmmException>(action);
        return new Scene(fault.Kind, stage.LeaksIn(ErrorText.Of(fault.ToErrorRecord(null))));
    }

    private static byte[] Options(SecretStage stage, int timeoutMs = 100_000) =>
        Encoding.UTF8.GetBytes(new JsonObject
        {
            ["url"] = stage.Sim.Url,
            ["key"] = (string)stage.Engine["key"]!,
            ["secret"] = (string)stage.Engine["secret"]!,
            ["timeoutMs"] = timeoutMs,
        }.ToJsonString());

    private static void ReadLate(SecretStage stage)
    {
        stage.Sim.Faults(Fault.On("PUT /v2/account/variable", Fault.Delay(20_000)));
        using NativeSession session = NativeSession.Connect(Options(stage, timeoutMs: 100));
        NativeBatches.Read(session, Call.Put(null, "v2/account/variable").Body(stage.Engine["variable"]));
    }

    /// <summary>How a scene ended, and what it told of what it must not.</summary>
    private sealed record Scene(ErrorKind Kind, IReadOnlyList<string> Leaks);

    /// <summary>A stage for each way of making a request, so that they play side by side.</summary>
    public sealed class Stages : IDisposable
    {
        private readonly Dictionary<int, SecretStage> _stages = [];

        public SecretStage this[int number]
        {
            get
            {
                lock (_stages)
                {
                    return _stages.TryGetValue(number, out SecretStage? stage) ? stage : _stages[number] = new();
                }
            }
        }

        public void OnEach(int count, Action<SecretStage, int> play) =>
            Task.WaitAll([.. Enumerable.Range(0, count).Select(number => Task.Factory.StartNew(
                () => play(this[number], number), TaskCreationOptions.LongRunning))]);

        public void Dispose()
        {
            foreach (SecretStage stage in _stages.Values)
            {
                stage.Dispose();
            }
        }
    }
}
