using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

public sealed class ComponentTests() : EngineTest("--devices 20 --sites 3")
{
    [Theory]
    [InlineData("Get-DrmmComponent")]
    [InlineData("Get-DrmmAccountComponents")]
    public void They_come_as_the_api_has_them(string script)
    {
        IReadOnlyList<PSObject?> components = Engine.Run(script);

        Assert.Equal(
            "GET /api/v2/account/components?max=250&page=0", Assert.Single(Sim.Calls("account/components")).Line);
        JsonElement list = Sim.Read("account/components?max=250").GetProperty("components");
        Assert.Equal(list.GetArrayLength(), components.Count);
        for (int i = 0; i < components.Count; i++)
        {
            Assert.Equal("DattoRMM.Component", components[i]!.TypeNames[0]);
            Json.AssertSame(list[i], components[i]);
        }
    }

    [Fact]
    public void A_name_picks_them_with_wildcards()
    {
        string name = Text("(Get-DrmmComponent)[2].name");
        Engine["name"] = name.ToUpperInvariant();
        Engine["part"] = $"*{name[1..5].ToLowerInvariant()}*";

        Assert.Equal(name, Text("(Get-DrmmComponent $name).name"));
        Assert.Contains(name, Engine.Invoke("(Get-DrmmComponent -Name $part).name").Texts);
        Assert.NotEqual(Engine.Run("Get-DrmmComponent").Count, Engine.Run("Get-DrmmComponent -Name $part").Count);
        Assert.Empty(Engine.Run("Get-DrmmComponent -Name none"));
    }

    [Fact]
    public void A_uid_picks_one_and_one_that_is_not_there_is_not_found()
    {
        Engine.Run("$uid = (Get-DrmmComponent)[2].uid");

        Assert.Equal(Text("$uid"), Text("(Get-DrmmComponent -ComponentUid $uid).uid"));
        ErrorRecord error = Engine.Invoke("Get-DrmmComponent -ComponentUid the-uid").Error;
        Assert.StartsWith("DrmmNotFound,", error.FullyQualifiedErrorId);
        Assert.Equal("the-uid", error.TargetObject);
        Assert.Contains("the-uid", error.ToString());
    }
}
