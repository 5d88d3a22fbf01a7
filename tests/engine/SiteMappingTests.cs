using System.Management.Automation;
using System.Text.Json;
using DattoRMM.Tests.Fixtures;
using Xunit;

namespace DattoRMM.Tests;

public sealed class SiteMappingTests() : EngineTest("--devices 30 --sites 300")
{
    [Fact]
    public void Mapped_networks_come_with_their_sites_and_stand_for_them_in_a_pipe()
    {
        IReadOnlyList<PSObject?> mappings = Engine.Run("$mappings = Get-DrmmSiteMapping; $mappings");

        Assert.All(Sim.Calls(), call => Assert.Equal("/api/v2/account/dnet-site-mappings", call.Path));
        Assert.Equal(["0", "1"], Sim.Calls().Select(call => call["page"]).Order());
        JsonElement list = Sim.Read("account/dnet-site-mappings?max=250").GetProperty("dnetSiteMappings");
        Assert.Equal(300, mappings.Count);
        for (int i = 0; i < list.GetArrayLength(); i++)
        {
            Assert.Equal("DattoRMM.SiteMapping", mappings[i]!.TypeNames[0]);
            Json.AssertSame(list[i], mappings[i]);
        }
        Assert.Equal(Text("$mappings[0].uid"), Text("($mappings[0] | Get-DrmmSite).uid"));
    }
}
