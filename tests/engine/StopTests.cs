using System.Net;
using System.Net.Sockets;
using DattoRMM.Tests.Fixtures;
using Xunit;
using Xunit.Abstractions;

namespace DattoRMM.Tests;

/// <summary>
/// Ctrl+C: the prompt is back within half a second (on a busy machine one time in three later, but within a second),
/// nothing is sent after it, and the next command works. What is waited for takes 20 s, or ends while it is watched
/// that nothing is sent any more.
/// </summary>
[Collection(Alone.Name)]
public sealed class StopTests(ITestOutputHelper output) : EngineTest("--devices 10000 --sites 3 --limit 100000")
{
    private const int Times = 3;
    private const int SideBySide = 8;

    /// <summary>How long a pause is that ends while it is watched: no machine is as busy as that.</summary>
    private const int Pause = 4;

    private const string LogIn = "Connect-DrmmApi -Url $sim.Url -Key $sim.Key -SecretKey $sim.Secret";

    private static readonly string s_slow = Fault.Delay(20_000);
    private static readonly TimeSpan s_atOnce = TimeSpan.FromMilliseconds(500);

    /// <summary>What is under way when it is stopped.</summary>
    private static readonly Dictionary<string, Scene> s_scenes = new()
    {
        ["a login"] = new(LogIn, Until(request => request.IsLogin))
        {
            Before = "Disconnect-DrmmApi",
            Faults = [Fault.On("POST /auth/oauth/token", s_slow, times: 1)],
            Next = LogIn + "; Get-DrmmAccount",
        },
        ["the renewal of a token"] = new("Get-DrmmAccount", Until(request => request.IsLogin))
        {
            Before = "$sim.RevokeTokens()",
            Faults = [Fault.On("POST /auth/oauth/token", s_slow, times: 1)],
        },
        ["a wait for the quota"] = new(
            "1..30 | ForEach-Object { Get-DrmmAccount }", (_, running) => running.WaitForProgress("quota"))
        {
            Settings = "\"limit\": 10, \"windowS\": 1",
            Before = "$null = Get-DrmmQuota",
        },
        ["a slow body"] = new("Get-DrmmDevice", Until(request => request.Status == 200))
        {
            Faults = [Fault.On("GET /v2/account/devices", "{\"slowBody\":{\"bytesPerS\":100}}")],
        },
        ["the pause before the next attempt"] = new("Get-DrmmAccount", Until(request => request.Status == 503))
        {
            Faults = [Fault.On("GET /v2/account", Fault.Status(503, retryAfterS: Pause), times: 1)],
            Watched = Pause + 1,
        },
        ["the pause that the server asked for"] = new(
            "Get-DrmmAccount", (_, running) => running.WaitForProgress("quota"))
        {
            Settings = "\"windowS\": 1",
            Before = "$null = Get-DrmmQuota",
            Faults = [Fault.On("GET /v2/account", Fault.Status(429, retryAfterS: Pause), times: 1)],
            Watched = Pause + 1,
        },
        ["page 7 of 40"] = new("Get-DrmmDevice", (_, running) => running.WaitForProgress("page 7 of 40"))
        {
            Faults = [Fault.On("GET /v2/account/devices", s_slow, page: 6)],
            Most = 6 * 250,
        },
        ["pages that are under way"] = new("Get-DrmmDevice", Until(12, request => request["page"] != null))
        {
            Settings = "\"latencyMs\": 400",
            Most = 12 * 250,
        },
        ["500 inputs"] = new(
            "1..500 | ForEach-Object { \"uid-$_\" } | Get-DrmmDevice -ErrorAction Ignore",
            Until(request => request.Path.EndsWith("/uid-108")))
        {
            Faults = [Fault.On("GET /v2/device/uid-101", s_slow)],
        },
        ["500 writes"] = new(
            "1..500 | ForEach-Object { \"uid-$_\" } | Resolve-DrmmAlert -ErrorAction Ignore",
            Until(21, request => request.Method == "POST" && !request.IsLogin))
        {
            Faults = [Fault.On("POST /v2/alert/{alertUid}/resolve", s_slow, after: 20)],
        },
        ["two commands of a pipeline"] = new(
            "Get-DrmmDevice | Get-DrmmAlert", Until(21, request => request.Path.EndsWith("/alerts/open")))
        {
            Faults = [Fault.On("GET /v2/device/{deviceUid}/alerts/open", s_slow, after: 20)],
            // Twenty devices of at most so many alerts.
            Most = 2000,
        },
    };

    public static TheoryData<string> Scenes => [.. s_scenes.Keys];

    [Theory]
    [MemberData(nameof(Scenes))]
    public void It_ends_at_once_sends_no_more_and_the_next_command_works(string name)
    {
        Scene scene = s_scenes[name];
        Sim.Configure(scene.Settings);
        List<TimeSpan> times = [];
        for (int i = 0; i < Times; i++)
        {
            Engine.Run(scene.Before);
            Sim.Reset();
            Sim.Faults(scene.Faults);
            using Running running = Engine.Start(scene.Script);
            scene.Until(Sim, running);

            Outcome outcome = running.StopInTime(out TimeSpan took);

            times.Add(took);
            Assert.InRange(outcome.Output.Count, 0, scene.Most);
            Assert.Equal("PipelineStopped", outcome.Error.FullyQualifiedErrorId);
            if (i == 0)
            {
                // On a busy machine what was on its way arrives late; nothing follows it.
                Assert.InRange(Sim.ArriveWithinASecond().Count, 0, SideBySide);
                for (int second = 0; second < scene.Watched; second++)
                {
                    Assert.Empty(Sim.ArriveWithinASecond());
                }
            }
            Sim.Faults();
            Assert.Single(Engine.Run(scene.Next));
        }
        AssertAtOnce(name, times);
    }

    [Theory]
    [InlineData("Get-DrmmAccount", "GET /v2/account")]
    [InlineData("Get-DrmmDevice", "GET /v2/account/devices")]
    [InlineData("Get-DrmmDevice x", "GET /v2/device/{deviceUid}")]
    [InlineData("'x' | Get-DrmmAlert", "GET /v2/alert/{alertUid}")]
    [InlineData("Resolve-DrmmAlert x", "POST /v2/alert/{alertUid}/resolve")]
    [InlineData("Set-DrmmAlertResolve x", "POST /v2/alert/{alertUid}/resolve")]
    [InlineData("Invoke-DrmmApi v2/account -Raw", "GET /v2/account")]
    [InlineData("New-ApiRequest GET /v2/account", "GET /v2/account")]
    [InlineData("Get-DrmmQuota", "GET /v2/system/request_rate")]
    public void Every_command_gives_a_slow_answer_up(string script, string route)
    {
        List<TimeSpan> times = [];
        for (int i = 0; i < Times; i++)
        {
            Sim.Reset();
            Sim.Faults(Fault.On(route, s_slow));
            using Running running = Engine.Start(script);
            Sim.WaitFor(request => !request.IsLogin);

            running.StopInTime(out TimeSpan took);

            times.Add(took);
            int sent = Sim.Calls().Count;
            Sim.Faults();
            Assert.Single(Engine.Run("Get-DrmmAccount"));
            Assert.Equal(sent + 1, Sim.Calls().Count);
        }
        AssertAtOnce(script, times);
    }

    [Fact]
    public async Task A_server_that_takes_the_connection_and_says_nothing_is_given_up()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Engine["silent"] = $"https://{listener.LocalEndpoint}";
        using Running running = Engine.Start("Connect-DrmmApi -Url $silent -Key a -SecretKey b");
        using TcpClient client = await listener.AcceptTcpClientAsync();

        running.StopInTime();

        Engine.Connect(Sim);
        Assert.Single(Engine.Run("Get-DrmmAccount"));
    }

    [Fact]
    public void A_login_that_somebody_gave_up_does_not_hinder_the_next()
    {
        Sim.RevokeTokens();
        Sim.Faults(Fault.On("POST /auth/oauth/token", s_slow, times: 1));
        using Engine second = Engine.Connected(Sim);
        Sim.Reset();
        using Running first = Engine.Start("Get-DrmmAccount");
        Sim.WaitFor(request => request.IsLogin);
        using Running waiting = second.Start("Get-DrmmAccount");

        first.StopInTime();

        Assert.Single(waiting.Finish().Well().Output);
        // It did not wait for the slow login, but made one of its own.
        Assert.Equal(2, Sim.Counters().Tokens);
    }

    private void AssertAtOnce(string what, List<TimeSpan> times)
    {
        times.Sort();
        output.WriteLine($"{what}: back within {times[^1].TotalMilliseconds:F0} ms, the worst of {Times}");
        Assert.InRange(times[Times / 2], TimeSpan.Zero, s_atOnce);
    }

    private static Action<Simulator, Running> Until(Func<Received, bool> wanted) => Until(1, wanted);

    private static Action<Simulator, Running> Until(int count, Func<Received, bool> wanted) =>
        (sim, _) => sim.WaitFor(count, wanted);

    /// <summary>A script, and when it is stopped.</summary>
    private sealed record Scene(string Script, Action<Simulator, Running> Until)
    {
        public string Settings { get; init; } = "";

        public string Before { get; init; } = "";

        public string[] Faults { get; init; } = [];

        /// <summary>The most that it may have put out.</summary>
        public int Most { get; init; } = 30;

        /// <summary>For how many seconds nothing may arrive any more.</summary>
        public int Watched { get; init; } = 1;

        /// <summary>A command with one object.</summary>
        public string Next { get; init; } = "Get-DrmmAccount";
    }
}
