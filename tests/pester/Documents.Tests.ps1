# Runs the blocks of README and documents that are marked as PowerShell, each with a simulator of its own;
# tests/engine/DocumentTests.cs runs those that need nothing but the engine, and looks at all parameters.

BeforeDiscovery {
    $checkout = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..'))
    $documents = @(Get-ChildItem $checkout -Filter *.md) + @(Get-ChildItem (Join-Path $checkout 'docs') -Filter *.md)
    $blocks = foreach ($document in $documents) {
        $text = Get-Content $document.FullName -Raw -Encoding UTF8
        foreach ($block in [regex]::Matches($text, '(?ms)^```powershell\r?\n(.*?)^```')) {
            $code = $block.Groups[1].Value
            # What starts a program is shown by the tests of that program, and nothing is installed by a test.
            if ($code -notmatch '(?m)^(dotnet|cargo) |-PSResource') {
                @{ Document = $document.Name; First = ($code -split '\r?\n')[0]; Code = $code }
            }
        }
    }
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
}

Describe 'What a document shows' {
    BeforeEach {
        $sim = Start-Simulator '--devices 600 --sites 3 --job-ms 0'
        $program = Get-SimulatorProgram
        $password = ConvertTo-SecureString $sim.secret -AsPlainText -Force
        $credential = [Management.Automation.PSCredential]::new($sim.key, $password)
        $device = @(Get-DrmmDevice | Where-Object { $_.online -and $_.deviceClass -eq 'device' })[0]
        $deviceUid = $device.uid
        $siteUid = $device.siteUid
        $componentUid = @(Get-DrmmComponent)[0].uid
        $params = @{ Url = $sim.url; Key = $sim.key; SecretKey = $sim.secret }
        $former = $env:COMPUTERNAME, $env:CS_PROFILE_UID
        $env:COMPUTERNAME, $env:CS_PROFILE_UID = $device.hostname, $siteUid
        [pscustomobject]@{ deviceUid = $deviceUid; udf5 = 'x' } |
            Export-Csv (Join-Path $TestDrive 'udf.csv') -NoTypeInformation
        Push-Location $TestDrive

        # These stand for what is not here: somebody at a prompt, a vault, a zip beside the script, and a platform.
        function Get-Credential { $credential }
        function Get-Secret { $credential }
        function Import-AttachedModule([string] $Sha256) { }
        function Connect-DrmmApi {
            if ($args -contains '-Url') { DattoRMM\Connect-DrmmApi @args }
            else { DattoRMM\Connect-DrmmApi -Url $sim.url -Credential $credential }
        }
        # Of the command itself: through the function the variable of -ErrorVariable would be the function's.
        Set-Alias Set-DrmmApiParameters DattoRMM\Connect-DrmmApi
    }

    AfterEach {
        Pop-Location
        $env:COMPUTERNAME, $env:CS_PROFILE_UID = $former
        Remove-Item Function:Connect-DrmmApi
        Stop-Simulator $sim
    }

    It 'works: <Document>: <First>' -ForEach $blocks {
        $ErrorActionPreference = 'Stop'
        # A variable that the document never sets is an error.
        Set-StrictMode -Version 1.0

        { . ([scriptblock]::Create($Code)) } | Should -Not -Throw
    }

    # The service finds names that hold the one that is asked for.
    It 'sets a field of the device itself, not of those whose names hold its own' {
        $name = $device.hostname
        $list = [ordered]@{
            pageDetails = @{ count = 2; totalCount = 2 }
            devices = @(
                @{ uid = [guid]::NewGuid().ToString(); hostname = "${name}0"; siteUid = $siteUid }
                @{ uid = $deviceUid; hostname = $name; siteUid = $siteUid }
            )
        } | ConvertTo-Json -Depth 5
        $rule = @{ match = 'GET /v2/account/devices'; fault = @{ answer = $list; contentType = 'application/json' } }
        Set-Fault $sim ($rule | ConvertTo-Json -Depth 5)
        $text = Get-Content ([IO.Path]::Combine((Get-Checkout), 'docs', 'component-scripts.md')) -Raw -Encoding UTF8
        $code = [regex]::Match($text, '(?ms)^```powershell\r?\n(.*?)^```').Groups[1].Value
        Clear-Received $sim

        . ([scriptblock]::Create($code))

        $changes = @(Get-Received $sim | Where-Object method -NE GET)
        $changes.path | Should -Be "/api/v2/device/$deviceUid/udf"
    }
}
