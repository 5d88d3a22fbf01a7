using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>
/// As <see cref="UidAttribute"/>, for the number of a variable where nothing beside it says whose it is: a variable of
/// a site is refused, since its number alone would be looked for in the account.
/// </summary>
internal sealed class AccountVariableAttribute : ElementAttribute
{
    private protected override object? Read(object? value)
    {
        if (Plain(value) is null or string)
        {
            return value;
        }
        Input input = Input.Of(value, Noun.Variable);
        return input.Mentions(Noun.Site)
            ? throw new DrmmException(ErrorKind.InvalidArgument, Messages.VariableOfSite)
            : input.Uid(Noun.Variable);
    }
}
