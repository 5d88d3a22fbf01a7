using System.Collections;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>
/// Looks through a table of user-defined fields before anything is sent. The engine would tell what is no table in its
/// own error, with the values that it holds.
/// </summary>
internal sealed class UdfTableAttribute : ElementAttribute
{
    // What says nothing is bound, and refused by the command, which knows the parameter's name.
    private protected override object? Read(object? value)
    {
        object? plain = Plain(value);
        if (plain == null)
        {
            return null;
        }
        if (plain is not IDictionary table)
        {
            throw new DrmmException(ErrorKind.InvalidArgument, Messages.NotATable(plain.GetType(), "@{ 5 = 'text' }"));
        }
        new UdfValues().With(table);
        return table;
    }
}
