using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;
using DattoRMM.Client;

namespace DattoRMM.Commands;

/// <summary>The base of what reads a parameter's value, or each element of a list, before the engine does.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal abstract class ElementAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public sealed override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        Plain(inputData) is IEnumerable list and not (string or IDictionary)
            ? list.Cast<object?>().Select(One).ToArray()
            : One(inputData);

    /// <summary>Reads one value.</summary>
    /// <exception cref="DrmmException">It is not acceptable.</exception>
    private protected abstract object? Read(object? value);

    /// <summary>A value without the engine's wrapper.</summary>
    private protected static object? Plain(object? value) =>
        value is PSObject wrapper ? wrapper.BaseObject : value;

    private object? One(object? value)
    {
        try
        {
            return Read(value);
        }
        catch (DrmmException fault)
        {
            throw new ArgumentTransformationMetadataException(fault.Message, fault);
        }
    }
}
