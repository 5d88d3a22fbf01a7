using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>
/// Lets a uid parameter take the object in place of its uid, and nothing that is neither. Without it everything would
/// become its text, with every field of a device in a URL and an error message.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class UidAttribute : ArgumentTransformationAttribute
{
    private readonly Noun _noun;

    internal UidAttribute(Noun noun) => _noun = noun;

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? plain = inputData is PSObject wrapper ? wrapper.BaseObject : inputData;
        return plain is IEnumerable list and not (string or IDictionary)
            ? list.Cast<object?>().Select(One).ToArray()
            : One(inputData);
    }

    private object? One(object? value)
    {
        // What says nothing is bound, and refused by the command, which knows the parameter's name.
        if (value is null || (value is PSObject wrapper ? wrapper.BaseObject : value) is string)
        {
            return value;
        }
        try
        {
            return Input.Of(value, _noun).Uid(_noun);
        }
        catch (DrmmException fault)
        {
            throw new ArgumentTransformationMetadataException(fault.Message, fault);
        }
    }
}
