using System;
using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>
/// Lets a table be an object too, whose properties it then holds. The engine would tell what is neither in its own
/// error, with all that it holds.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TableAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData switch
        {
            null => null,
            PSObject { BaseObject: PSCustomObject } item => Table(item),
            PSObject { BaseObject: IDictionary table } => table,
            IDictionary table => table,
            { } other => throw new ArgumentTransformationMetadataException(
                Messages.Sentence(Messages.NotATable(other.GetType(), "@{ name = 'value' }"))),
        };

    private static OrderedDictionary Table(PSObject item)
    {
        OrderedDictionary table = new();
        foreach (PSPropertyInfo property in item.Properties)
        {
            table[property.Name] = property.Value;
        }
        return table;
    }
}
