using System.Management.Automation;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

/// <summary>
/// Runs the examples of every command's help, each in a session of its own. Those that use commands which the engine
/// alone does not have run in <c>tests/pester/Examples.Tests.ps1</c>.
/// </summary>
public sealed class ExampleTests
{
    /// <summary>The examples of all commands that the engine has all commands for.</summary>
    public static TheoryData<string, string> Examples => Read();

    [Theory]
    [MemberData(nameof(Examples))]
    public void The_examples_of_the_help_work(string command, string example)
    {
        IReadOnlyList<string> errors = Sample.Errors(example);

        Assert.True(errors.Count == 0, $"{command}: {example}\n{string.Join('\n', errors)}");
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
                if (Sample.Runs(engine, code))
                {
                    examples.Add(command, code);
                }
            }
        }
        return examples;
    }
}
