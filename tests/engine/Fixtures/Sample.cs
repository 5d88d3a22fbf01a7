using System.Management.Automation;
using System.Management.Automation.Language;
using System.Net;

namespace DattoRMM.Tests.Fixtures;

/// <summary>
/// A piece of script that users are shown, in the help or in a document. Each runs in a session of its own.
/// </summary>
public static class Sample
{
    /// <summary>The variables of samples, and how they come to their value; later ones may use earlier ones.</summary>
    private static readonly (string Name, string Script)[] s_variables =
    [
        ("deviceUid", "(Get-DrmmDevice | Where-Object { $_.online -and $_.deviceClass -eq 'device' })[0].uid"),
        ("siteUid", "(Get-DrmmDevice $deviceUid).siteUid"),
        ("alertUid", "(Get-DrmmAlert)[0].alertUid"),
        ("variableId", "(Invoke-DrmmApi v2/account/variables -All)[0].id"),
        ("componentUid", "(Invoke-DrmmApi v2/account/components -All)[0].uid"),
        ("jobUid", """
            $job = @{ jobName = 'example'; jobComponent = @{ componentUid = $componentUid; variables = @() } }
            (Invoke-DrmmApi v2/device/$deviceUid/quickjob -Method PUT -Body $job).job.uid
            """),
    ];

    /// <summary>
    /// What cannot run here, and what stands for it: there is nobody at a prompt, no vault, no platform, and no zip
    /// beside the script. Whether the parameters exist is a test of its own.
    /// </summary>
    private const string StandIns = """
        function Get-Credential { $credential }
        function Get-Secret { $credential }
        function Import-AttachedModule([string] $Sha256) { }
        function Connect-DrmmApi { DattoRMM\Connect-DrmmApi -Url $url -Credential $credential }
        """;

    /// <summary>What the agent puts into the environment of a component script.</summary>
    private const string Agent = """
        $env:COMPUTERNAME = (Get-DrmmDevice $deviceUid).hostname
        $env:CS_PROFILE_UID = $siteUid
        """;

    /// <summary>Whether the engine has all commands of a sample, but for those that something stands for.</summary>
    public static bool Runs(Engine engine, string code, params string[] standIns) => Calls(code)
        .Select(call => call.GetCommandName())
        .Except(standIns)
        .All(command => Knows(engine, command));

    /// <summary>The calls of commands in a sample.</summary>
    public static IReadOnlyList<CommandAst> Calls(string code)
    {
        ScriptBlockAst script = Parser.ParseInput(code, out _, out ParseError[] errors);
        return errors.Length == 0
            ? [.. script.FindAll(node => node is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>()]
            : throw new InvalidOperationException($"{code}: {errors[0].Message}");
    }

    /// <summary>The errors of a help's example.</summary>
    public static IReadOnlyList<string> Errors(string code) => Errors(code, nameof(Plain));

    /// <summary>The errors of a document's block, with stand-ins for what cannot run here.</summary>
    public static IReadOnlyList<string> ErrorsWithStandIns(string code) => Errors(code, nameof(WithStandIns));

    // What a sample puts into the environment is everybody's in this process.
    private static IReadOnlyList<string> Errors(string code, string how)
    {
        Func<string[], IEnumerable<string>> part = how == nameof(Plain) ? Plain : WithStandIns;
        return code.Contains("$env:") ? Child.Run(part, [code]) : [.. part([code])];
    }

    private static IEnumerable<string> Plain(string[] code) => Try(code[0], "");

    private static IEnumerable<string> WithStandIns(string[] code) => Try(code[0], StandIns);

    private static IEnumerable<string> Try(string code, string before)
    {
        using Simulator sim = Simulator.Start("--devices 30 --sites 3 --job-ms 0");
        using Engine engine = Engine.Connected(sim);
        engine["url"] = sim.Url;
        engine["credential"] = new PSCredential(sim.Key, new NetworkCredential("", sim.Secret).SecurePassword);
        string agent = code.Contains("$env:CS_") ? Agent : "";
        foreach ((string name, string script) in Needed(code + agent))
        {
            engine[name] = engine.Invoke(script).Well().One;
        }
        engine.Run($"{agent}\n{before}");

        Outcome outcome = engine.Invoke(code);

        engine.Invoke("Disconnect-DrmmApi");
        return [.. outcome.Errors.Select(error => error.ToString())];
    }

    private static bool Knows(Engine engine, string name)
    {
        engine["command"] = name;
        return engine.Run("Get-Command $command -ErrorAction Ignore").Count > 0;
    }

    /// <summary>The variables that a sample uses, and those that they are made of.</summary>
    private static IEnumerable<(string Name, string Script)> Needed(string code)
    {
        List<(string Name, string Script)> needed = [];
        foreach ((string name, string script) in s_variables.Reverse())
        {
            if (needed.Select(later => later.Script).Append(code).Any(text => text.Contains("$" + name)))
            {
                needed.Insert(0, (name, script));
            }
        }
        return needed;
    }
}
