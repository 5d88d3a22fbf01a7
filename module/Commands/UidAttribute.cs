using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>
/// Lets a uid parameter take the object in place of its uid, and nothing that is neither. Without it everything would
/// become its text, with every field of a device in a URL and an error message.
/// </summary>
internal sealed class UidAttribute : ElementAttribute
{
    private readonly Noun _noun;

    internal UidAttribute(Noun noun) => _noun = noun;

    /// <summary>Whether the object itself must be of this kind, for changes: see <see cref="Input.OwnUid"/>.</summary>
    public bool Own { get; set; }

    // What says nothing is bound, and refused by the command, which knows the parameter's name.
    private protected override object? Read(object? value)
    {
        if (Plain(value) is null or string)
        {
            return value;
        }
        Input input = Input.Of(value, _noun);
        return Own ? input.OwnUid(_noun) : input.Uid(_noun);
    }
}
