using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

public sealed class UserTests() : EngineTest("--devices 20 --sites 3")
{
    [Theory]
    [InlineData("Get-DrmmUser")]
    [InlineData("Get-DrmmAccountUsers")]
    public void They_come_as_the_api_has_them(string script)
    {
        IReadOnlyList<PSObject?> users = Engine.Run(script);

        Assert.Equal("GET /api/v2/account/users?max=250&page=0", Assert.Single(Sim.Calls("account/users")).Line);
        JsonElement list = Sim.Read("account/users?max=250").GetProperty("users");
        Assert.Equal(list.GetArrayLength(), users.Count);
        for (int i = 0; i < users.Count; i++)
        {
            Assert.Equal("DattoRMM.User", users[i]!.TypeNames[0]);
            Json.AssertSame(list[i], users[i]);
        }
    }

    [Theory]
    [InlineData("Get-DrmmUser JSMITH", "jsmith")]
    [InlineData("Get-DrmmUser 'anna m*'", "a.müller")]
    [InlineData("Get-DrmmUser helpdesk", "helpdesk")]
    [InlineData("Get-DrmmUser -Name '*novák'", "jnovak")]
    [InlineData("Get-DrmmUser -Name smith", "")]
    [InlineData("Get-DrmmUser -Email $smith.email.ToUpperInvariant()", "jsmith")]
    [InlineData("Get-DrmmUser -Name 'J*' -Email $smith.email", "jsmith")]
    [InlineData("Get-DrmmUser -Name 'A*' -Email $smith.email", "")]
    [InlineData("(Get-DrmmUser -Email '*@*').Count -eq (Get-DrmmUser).Count", "True")]
    public void Names_and_addresses_pick_them(string script, string expected)
    {
        Engine.Run("$smith = Get-DrmmUser | Where-Object username -eq jsmith");

        Assert.Equal(
            expected,
            string.Join(' ', Engine.Invoke($"{script} | ForEach-Object {{ if ($_.username) {{ $_.username }} else {{ $_ }} }}")
                .Well().Texts));
    }

    [Fact]
    public void Their_times_can_be_read()
    {
        Assert.IsType<DateTime>(Engine.Invoke("(Get-DrmmUser jsmith).GetTime('lastAccess')").Well().One.BaseObject);
    }
}
