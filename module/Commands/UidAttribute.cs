using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>
/// Lets a uid parameter take the object in place of its uid. Without it the object would become its text, with every
/// field of a device in a URL and an error message.
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
        return plain is IList list ? list.Cast<object?>().Select(One).ToArray() : One(inputData);
    }

    private object? One(object? value)
    {
        if (value is not PSObject { BaseObject: PSCustomObject })
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
