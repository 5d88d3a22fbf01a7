using System.Management.Automation;
using System.Management.Automation.Language;
using System.Net;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>
/// Runs the examples of every command's help, each in a session of its own. Those that use commands which the engine
/// alone does not have run in <c>tests/pester/Examples.Tests.ps1</c>.
/// </summary>
public sealed class ExampleTests
{
    /// <summary>The variables that examples use, and how they come to their value; later ones may use earlier ones.</summary>
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

    [Theory]
    [MemberData(nameof(CommandNames.Theory), MemberType = typeof(CommandNames))]
    public void The_examples_of_the_help_work(string command)
    {
        foreach (string example in Examples(command))
        {
            using Simulator sim = Simulator.Start("--devices 30 --sites 3");
            using Engine engine = Prepared(sim);
            Outcome outcome = engine.Invoke(example);
            engine.Invoke("Disconnect-DrmmApi");
            Assert.True(outcome.Errors.Count == 0, $"{example}\n{string.Join('\n', outcome.Errors)}");
        }
    }

    /// <summary>The examples that the engine has all commands for.</summary>
    private static IEnumerable<string> Examples(string command)
    {
        using Engine engine = new();
        engine["name"] = command;
        foreach (PSObject? example in engine.Run("(Get-Help $name).examples.example | ForEach-Object code"))
        {
            string code = example!.ToString();
            engine["used"] = Parser.ParseInput(code, out _, out ParseError[] errors)
                .FindAll(node => node is CommandAst, searchNestedScriptBlocks: true)
                .Select(node => ((CommandAst)node).GetCommandName())
                .Distinct()
                .ToArray();
            Assert.Empty(errors);
            if (engine.Run("$used | Where-Object { -not (Get-Command $_ -ErrorAction Ignore) }").Count == 0)
            {
                yield return code;
            }
        }
    }

    /// <summary>A connected session with the variables that examples use.</summary>
    private static Engine Prepared(Simulator sim)
    {
        Engine engine = Engine.Connected(sim);
        engine["url"] = sim.Url;
        engine["credential"] = new PSCredential(sim.Key, new NetworkCredential("", sim.Secret).SecurePassword);
        foreach ((string name, string script) in s_variables)
        {
            engine[name] = engine.Invoke(script).Well().One;
        }
        return engine;
    }
}
