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
    /// <summary>The variables of examples, and how they come to their value; later ones may use earlier ones.</summary>
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

    /// <summary>The examples of all commands that the engine has all commands for.</summary>
    public static TheoryData<string, string> Examples => Read();

    [Theory]
    [MemberData(nameof(Examples))]
    public void The_examples_of_the_help_work(string command, string example)
    {
        // What an example puts into the environment is everybody's in this process.
        IEnumerable<string> errors = example.Contains("$env:") ? Child.Run(Try, [example]) : Try([example]);

        Assert.True(!errors.Any(), $"{command}: {example}\n{string.Join('\n', errors)}");
    }

    /// <summary>The errors of an example.</summary>
    private static IEnumerable<string> Try(string[] examples)
    {
        using Simulator sim = Simulator.Start("--devices 30 --sites 3 --job-ms 0");
        using Engine engine = Engine.Connected(sim);
        engine["url"] = sim.Url;
        engine["credential"] = new PSCredential(sim.Key, new NetworkCredential("", sim.Secret).SecurePassword);
        foreach ((string name, string script) in Needed(examples[0]))
        {
            engine[name] = engine.Invoke(script).Well().One;
        }

        Outcome outcome = engine.Invoke(examples[0]);

        engine.Invoke("Disconnect-DrmmApi");
        return [.. outcome.Errors.Select(error => error.ToString())];
    }

    private static TheoryData<string, string> Read()
    {
        using Engine engine = new();
        TheoryData<string, string> examples = [];
        foreach (string command in CommandNames.All)
        {
            engine["name"] = command;
            foreach (PSObject? example in engine.Run("(Get-Help $name).examples.example | ForEach-Object code"))
            {
                string code = example!.ToString();
                if (Commands(code).All(name => IsKnown(engine, name)))
                {
                    examples.Add(command, code);
                }
            }
        }
        return examples;
    }

    private static IEnumerable<string> Commands(string code)
    {
        ScriptBlockAst script = Parser.ParseInput(code, out _, out ParseError[] errors);
        return errors.Length == 0
            ? script.FindAll(node => node is CommandAst, searchNestedScriptBlocks: true)
                .Select(node => ((CommandAst)node).GetCommandName())
                .Distinct()
            : throw new InvalidOperationException($"{code}: {errors[0].Message}");
    }

    private static bool IsKnown(Engine engine, string name)
    {
        engine["command"] = name;
        return engine.Run("Get-Command $command -ErrorAction Ignore").Count > 0;
    }

    /// <summary>The variables that an example uses, and those that they are made of.</summary>
    private static IEnumerable<(string Name, string Script)> Needed(string example)
    {
        List<(string Name, string Script)> needed = [];
        foreach ((string name, string script) in s_variables.Reverse())
        {
            if (needed.Select(later => later.Script).Append(example).Any(text => text.Contains("$" + name)))
            {
                needed.Insert(0, (name, script));
            }
        }
        return needed;
    }
}
