using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>Components, as the commands that read them describe them.</summary>
internal static class Components
{
    /// <summary>All components of the account.</summary>
    internal static Call All => Call.Pages("DattoRMM.Component", "components", "v2/account/components");

    /// <summary>The one with a uid, which the API can only find in the list.</summary>
    internal static Call One(string uid) =>
        All.Where(NamePattern.Equal("uid", uid), "uid")
            .Gather(found => found.Count > 0
                ? found
                : throw new DrmmException(ErrorKind.NotFound, Messages.NoComponent(uid)))
            .For(uid);
}
