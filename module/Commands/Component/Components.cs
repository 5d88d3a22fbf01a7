using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Components, as the commands that read them describe them.</summary>
internal static class Components
{
    /// <summary>All components of the account.</summary>
    internal static Call All => Call.Pages("DattoRMM.Component", "components", "v2/account/components");
}
